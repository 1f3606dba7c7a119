// Who opens closes: things that must be stopped, in the reverse order of their opening, within a deadline.
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { Logger } from './logger.ts';

interface Entry {
  name: string;
  stop: () => Promise<void> | void;
}

export class StopStack {
  readonly #clock: Clock;
  readonly #log: Logger;
  #entries: Entry[] = [];

  constructor(deps: { clock: Clock; log: Logger }) {
    this.#clock = deps.clock;
    this.#log = deps.log;
  }

  add(name: string, stop: () => Promise<void> | void): void {
    this.#entries.push({ name, stop });
  }

  /** Stops everything, last opened first; one that fails or hangs over `eachMs` is logged and does not hold up the rest. */
  async stop(eachMs: number): Promise<void> {
    const entries = this.#entries.reverse();
    this.#entries = [];
    for (const entry of entries) {
      try {
        await this.#withDeadline(entry, eachMs);
      } catch (error) {
        this.#log.error({ part: entry.name, ...describeError(error) }, 'a part did not stop cleanly');
      }
    }
  }

  async #withDeadline(entry: Entry, ms: number): Promise<void> {
    const done = new AbortController();
    const late = this.#clock.sleep(ms, done.signal).then(
      () => Promise.reject(new AppError('timed-out', `${entry.name} did not stop within ${ms} ms`)),
      () => undefined, // aborted below: the part stopped in time
    );
    try {
      await Promise.race([Promise.resolve(entry.stop()), late]);
    } finally {
      done.abort();
    }
  }
}
