// Asks whether an answer is still the one that came before: a large one is then not sent, read and drawn again.
import { apiPrefix } from 'virtual:contract-routes';
import { offerAnswer } from './early.ts';

/** As long as the client itself waits. */
const DEADLINE_MS = 30_000;

/** The tag of the last answer, by path; large answers alone have one. */
const tags = new Map<string, string>();

/** Called with every answer. */
export function noteTag({ url }: Pick<Request, 'url'>, answer: Response): void {
  const tag = answer.headers.get('etag');
  if (tag !== null && answer.ok) tags.set(new URL(url).pathname, tag);
}

/** False where it may have changed: what came instead is what the client takes when it asks next. */
export async function isUnchanged(path: string, signal: AbortSignal): Promise<boolean> {
  const whole = `${apiPrefix}${path}`;
  const tag = tags.get(whole);
  if (tag === undefined) return false;
  const headers = { accept: 'application/json', 'if-none-match': tag };
  const answer = await fetch(whole, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]) });
  if (answer.status === 304) return true;
  offerAnswer(whole, answer);
  return false;
}
