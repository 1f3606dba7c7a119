// Takes the answers that public/early.js asked for while the code was still on its way: each once, and only while it is young.

/** A page that stands later than this asks anew: what it would take may be old. */
const YOUNG_MS = 15_000;

/** Left by early.js, by path. */
const early = (): Record<string, Promise<Response>> =>
  (globalThis as { rmmEarly?: Record<string, Promise<Response>> }).rmmEarly ?? {};

/** Undefined where nothing was asked early, or nothing came of it. */
export async function earlyAnswer({ method, url }: Pick<Request, 'method' | 'url'>): Promise<Response | undefined> {
  const { pathname, search } = new URL(url);
  const kept = early();
  const answer = kept[pathname];
  if (method !== 'GET' || search !== '' || answer === undefined) return undefined;
  delete kept[pathname];
  if (performance.now() > YOUNG_MS) return undefined;
  // A connection that broke is tried again by whoever asks now.
  return await answer.catch(() => undefined);
}
