// Asks whether an answer is still the one the page shows: a large one is then not sent, read and drawn again.
import { apiPrefix } from 'virtual:contract-routes';
import { AnswerTags } from './answer-tags.ts';
import { offerAnswer, withdrawAnswer } from './early.ts';

/** As long as the client itself waits. */
const DEADLINE_MS = 30_000;

/** Large answers alone have one. */
const tags = new AnswerTags();

/** Called with every answer. */
export function noteTag(url: string, { headers, status }: Pick<Response, 'headers' | 'status'>): void {
  const tag = headers.get('etag');
  tags.arrive(new URL(url, location.origin).pathname, tag !== null && status === 200 ? tag : undefined);
}

/** Takes an answer in whole or not at all: `take` must not wait, so that what is shown and its tag never part. */
export async function takeWhole<T>(
  path: string,
  signal: AbortSignal,
  ask: () => Promise<T>,
  take: (answer: T) => void,
) {
  const whole = `${apiPrefix}${path}`;
  tags.begin(whole);
  try {
    const answer = await ask();
    // Broken off while it came: whoever asks next takes a newer one.
    signal.throwIfAborted();
    take(answer);
    tags.show(whole);
    return answer;
  } finally {
    // One that was offered and not taken would be old for whoever comes next.
    withdrawAnswer(whole);
  }
}

/** False where it may have changed: what came instead is what the client takes when it asks next. */
export async function isUnchanged(path: string, signal: AbortSignal): Promise<boolean> {
  const whole = `${apiPrefix}${path}`;
  const tag = tags.shown(whole);
  if (tag === undefined) return false;
  const headers = { accept: 'application/json', 'if-none-match': tag };
  const answer = await fetch(whole, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]) });
  signal.throwIfAborted();
  if (answer.status === 304) return true;
  offerAnswer(whole, answer);
  return false;
}
