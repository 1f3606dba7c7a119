// How long the event loop is held by its own work, in processor time of its thread: on a shared machine the clock counts the neighbours' work too.
import { readFileSync } from 'node:fs';
import { percentile, rounded } from './statistics.ts';

/** As often as the loop's delay is looked at. */
const LOOK_MS = 5;
const NS_PER_MS = 1e6;

/** Nanoseconds on a processor so far, of the thread that asks; of Linux alone. */
const threadNs = (): number => Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]);

/** What the thread used between two looks: where one is late, the loop was held that long. */
export class LoopProcessor {
  #taken: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  /** Changes nothing where it was begun. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#last = threadNs();
    this.#timer = setInterval(() => {
      const now = threadNs();
      this.#taken.push((now - this.#last) / NS_PER_MS);
      this.#last = now;
    }, LOOK_MS);
  }

  /** Begins anew. */
  take(): { cpuP99Ms: number; cpuMaxMs: number } {
    const taken = this.#taken;
    this.#taken = [];
    if (taken.length === 0) return { cpuP99Ms: 0, cpuMaxMs: 0 };
    return { cpuP99Ms: rounded(percentile(taken, 0.99)), cpuMaxMs: rounded(taken.reduce((a, b) => Math.max(a, b), 0)) };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
