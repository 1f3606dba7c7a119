// The word that the console lives, told to somebody outside: who hears nothing for a while raises the alarm that no dead console can.
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { Logger } from '#shared/runtime/logger.ts';

export interface DeadManDeps {
  clock: Clock;
  /** Where to say so: a check of a monitor elsewhere. Its path is its secret. */
  url: string;
  everyMs: number;
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** False while the console does not do its work: then silence is the right word. */
  isWell: () => boolean;
  log: Logger;
}

/** Until the signal aborts. Nothing is said at once after a start: a console that dies every minute is not well. */
export async function tellAlive(deps: DeadManDeps, signal: AbortSignal): Promise<void> {
  const { clock, url, everyMs, fetch, isWell, log } = deps;
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal).catch(() => undefined); // stopped
    if (signal.aborted || !isWell()) continue;
    try {
      const { status } = await fetch(url, { signal });
      if (status >= 400) log.warn({ status }, 'the monitor of the console refused the word that it lives');
    } catch (error) {
      log.warn(describeError(error), 'the monitor of the console could not be told that it lives');
    }
  }
}
