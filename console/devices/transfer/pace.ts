// Long work in slices: between them whatever else the process has to do is done.
import { setImmediate as immediate } from 'node:timers/promises';
import type { Clock } from '#shared/base/clock.ts';

/** Far below what anybody notices, far above what a turn of the loop costs. */
const SLICE_MS = 10;

export class Pace {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #signal: AbortSignal | undefined;
  #since: number;

  constructor(clock: Pick<Clock, 'monotonic'>, signal?: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#since = clock.monotonic();
  }

  /** Call it after each small step; it lets others go first when the slice is used up. Throws the signal's reason. */
  async breathe(): Promise<void> {
    if (this.#clock.monotonic() - this.#since >= SLICE_MS) await this.next();
  }

  /** Others go first now. */
  async next(): Promise<void> {
    await immediate();
    this.#signal?.throwIfAborted();
    this.#since = this.#clock.monotonic();
  }
}
