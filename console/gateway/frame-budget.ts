// How many frames a link may send: a token bucket for all, a short patience for bad ones.
import type { Clock } from '#shared/base/clock.ts';

/** A relay that drains its backlog sends about 200 batches a second; five times that is no relay at work. */
const FRAMES_PER_SECOND = 1_000;
/** A full window of credits and its control frames at once. */
const BURST = 256;
/** A peer that does not speak our protocol is not taught it. */
const BAD_IN_A_ROW = 5;
/** A peer that mixes good frames in gets this many bad ones in one connection. */
const BAD_IN_ALL = 50;

export class FrameBudget {
  readonly #clock: Clock;
  #tokens = BURST;
  #at: number;
  #badInARow = 0;
  #bad = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.monotonic();
  }

  get bad(): number {
    return this.#bad;
  }

  /** Takes one frame; returns how long to stop reading, 0 while within the budget. */
  take(): number {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#at) * FRAMES_PER_SECOND) / 1_000);
    this.#at = now;
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens * 1_000) / FRAMES_PER_SECOND);
  }

  /** The frame just taken is bounded otherwise. */
  giveBack(): void {
    this.#tokens = Math.min(BURST, this.#tokens + 1);
  }

  good(): void {
    this.#badInARow = 0;
  }

  /** True when patience is over. */
  spoil(): boolean {
    this.#badInARow += 1;
    this.#bad += 1;
    return this.#badInARow >= BAD_IN_A_ROW || this.#bad >= BAD_IN_ALL;
  }
}
