// Takes the answers that public/early.js asked for while the code was still on its way: each once.

/** An answer that was read to its end. */
export interface WholeAnswer {
  status: number;
  headers: Headers;
  text: string;
}

type Answer = Response | WholeAnswer;

interface Early {
  rmmEarly?: Record<string, Promise<Answer>>;
}

/** Left by early.js, by path and what is asked of it. */
function early(): Record<string, Promise<Answer>> {
  const page: Early = globalThis as Early; // a script of ours set it, or nobody did
  page.rmmEarly ??= {};
  return page.rmmEarly;
}

/** The client takes this answer when it asks for the path next. */
export function offerAnswer(path: string, answer: Response): void {
  early()[path] = Promise.resolve(answer);
}

/** Nobody took it, and nobody shall. */
export function withdrawAnswer(path: string): void {
  delete early()[path];
}

/** Undefined where nothing was asked early, or nothing came of it. */
export async function earlyAnswer({ method, url }: Pick<Request, 'method' | 'url'>): Promise<Response | undefined> {
  const { pathname, search } = new URL(url);
  const answer = method === 'GET' ? await taken(`${pathname}${search}`) : undefined;
  return answer === undefined || answer instanceof Response ? answer : new Response(answer.text, answer);
}

/** The same with its text: where that is a megabyte, it is not to be written and read once more. */
export async function earlyWhole(path: string): Promise<WholeAnswer | undefined> {
  const answer = await taken(path);
  return answer instanceof Response ? await wholeOf(answer) : answer;
}

export const wholeOf = async (answer: Response): Promise<WholeAnswer> => ({
  status: answer.status,
  headers: answer.headers,
  text: await answer.text(),
});

async function taken(path: string): Promise<Answer | undefined> {
  const kept = early();
  const answer = kept[path];
  delete kept[path];
  // A connection that broke is tried again by whoever asks now.
  return await answer?.catch(() => undefined);
}
