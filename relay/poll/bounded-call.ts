// A call with a deadline that holds even where the callee ignores its signal: a poller must never wait for a transport's mistake.
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { type Failure, fail, type Outcome } from '#shared/base/outcome.ts';

/** What a callee gets to end by itself once its signal has aborted. */
const GRACE_MS = 1_000;

export interface Bounds {
  clock: Clock;
  timeoutMs: number;
  signal: AbortSignal;
}

/** `timed-out` after the deadline, `cancelled` after an abort, whatever the callee makes of its signal; a throw is `lost`. */
export function boundedCall<T>(
  { clock, timeoutMs, signal }: Bounds,
  call: (signal: AbortSignal) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const callee = new AbortController();
    const timer = new AbortController();
    let givenUp: Failure | undefined;
    const settle = (outcome: Outcome<T>) => {
      timer.abort();
      signal.removeEventListener('abort', onAbort);
      resolve(outcome.ok ? outcome : (givenUp ?? outcome));
    };
    const giveUp = (why: Failure) => {
      if (givenUp !== undefined) return;
      givenUp = why;
      callee.abort();
      clock.sleep(GRACE_MS, timer.signal).then(
        () => settle(why),
        () => undefined, // the callee ended in time
      );
    };
    const onAbort = () => giveUp(fail('cancelled', 'the relay stopped it'));
    clock.sleep(timeoutMs, timer.signal).then(
      () => giveUp(fail('timed-out', `no answer within ${timeoutMs} ms`)),
      () => undefined, // settled before the deadline
    );
    signal.addEventListener('abort', onAbort, { once: true });
    call(callee.signal).then(settle, (error: unknown) => settle(fail('lost', describeError(error).message)));
    if (signal.aborted) onAbort();
  });
}
