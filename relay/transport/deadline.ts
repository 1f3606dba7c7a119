// A deadline joined with somebody's wish to stop, as one signal.
import type { Clock } from '#shared/base/clock.ts';

export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** True once the time is up; false while it runs or when the caller stopped first. */
  readonly isExpired: boolean;
}

/** Given as the reason where nobody looks at it: without one, each abort would build an error with a stack. */
export const OVER = Object.freeze({ reason: 'over' });

/** `using deadline = startDeadline(...)`: aborts `signal` after `ms` or with `parent`, and lets go of both at the end of the block. */
export function startDeadline(clock: Clock, ms: number, parent: AbortSignal): Deadline {
  const controller = new AbortController();
  const ended = new AbortController();
  let isExpired = false;
  const onParent = () => controller.abort(OVER);
  if (parent.aborted) controller.abort(OVER);
  parent.addEventListener('abort', onParent, { once: true });
  clock.sleep(ms, ended.signal).then(
    () => {
      isExpired = !controller.signal.aborted;
      controller.abort(OVER);
    },
    () => undefined, // the block ended in time
  );
  return {
    signal: controller.signal,
    get isExpired() {
      return isExpired;
    },
    [Symbol.dispose]: () => {
      ended.abort(OVER);
      parent.removeEventListener('abort', onParent);
    },
  };
}
