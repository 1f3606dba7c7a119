// Takes the answers that public/early.js asked for while the code was still on its way: each once.

interface Early {
  rmmEarly?: Record<string, Promise<Response>>;
}

/** Left by early.js, by path. */
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
  const answer = kept[pathname];
  if (method !== 'GET' || search !== '' || answer === undefined) return undefined;
  delete kept[pathname];
  // A connection that broke is tried again by whoever asks now.
  return await answer.catch(() => undefined);
}
