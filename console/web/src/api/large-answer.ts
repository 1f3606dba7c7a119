// Reads an answer of some megabytes past the client, which would copy it twice and look at each of its quarter of a million values.
import { apiPrefix } from 'virtual:contract-routes';
import { inertJson, inertLines } from '#shared/base/inert-text.ts';
import { earlyWhole, offerAnswer, type WholeAnswer, wholeOf } from './early.ts';
import { noteTag } from './unchanged.ts';

/** As long as the client itself waits. */
const DEADLINE_MS = 30_000;

/**
 * Text of devices is made harmless as by the client. A refusal goes to `refused`, which asks by the client for the same path:
 * it takes this answer, and says what is wrong as for all others.
 */
export async function largeAnswer<T>(
  path: string,
  signal: AbortSignal | undefined,
  refused: () => Promise<T>,
): Promise<T> {
  const whole = `${apiPrefix}${path}`;
  const answer = (await earlyWhole(whole)) ?? (await ask(whole, signal));
  if (answer.status !== 200) {
    offerAnswer(whole, new Response(answer.text, answer));
    return await refused();
  }
  noteTag(whole, answer);
  return inertJson(answer.text, inertLines) as T; // by the contract, as the client trusts it too
}

async function ask(path: string, signal: AbortSignal | undefined): Promise<WholeAnswer> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  return await wholeOf(await fetch(path, { headers: { accept: 'application/json' }, signal: either }));
}
