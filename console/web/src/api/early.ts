// Takes the answers that public/early.js asked for while the code was still on its way: each once.

interface Early {
  rmmEarly?: Record<string, Promise<Response>>;
}

/** Left by early.js, by path and what is asked of it. */
function early(): Record<string, Promise<Response>> {
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
  const kept = early();
  const path = `${pathname}${search}`;
  const answer = kept[path];
  if (method !== 'GET' || answer === undefined) return undefined;
  delete kept[path];
  // A connection that broke is tried again by whoever asks now.
  return await answer.catch(() => undefined);
}
