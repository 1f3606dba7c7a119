// How much the console takes in: credits and catch-up rate, halved under load and given back after it.
import type { Clock } from '#shared/base/clock.ts';
import { type Ack, MAX_BATCH_BYTES } from '#shared/protocol/batch.ts';

export type Pace = NonNullable<Ack['pace']>;

/** In flight per relay: 64 batches or 4 MiB fill a line of 50 ms and 100 Mb/s many times over. */
export const FULL_PACE: Pace = { credits: { batches: 64, bytes: 4 * 1024 * 1024 }, catchUpPerSecond: 200 };

/** Below these nothing would move at all. */
const FLOOR: Pace = { credits: { batches: 4, bytes: MAX_BATCH_BYTES }, catchUpPerSecond: 2 };

/** A loop or a commit slower than this is felt by people who look at a page. */
const SLOW_MS = 200;
/** One slow second is a checkpoint or a collection of garbage; five are load. */
const SLOW_SECONDS = 5;
/** Longer than the slow ones, so that the pace does not swing. */
const CALM_SECONDS = 15;

const half = (value: number, floor: number) => Math.max(floor, Math.floor(value / 2));
const twice = (value: number, full: number) => Math.min(full, value * 2);

/** The backlog can wait: its rate goes first, credits only when it is at its floor. */
export function slower(pace: Pace): Pace {
  if (pace.catchUpPerSecond > FLOOR.catchUpPerSecond)
    return { ...pace, catchUpPerSecond: half(pace.catchUpPerSecond, FLOOR.catchUpPerSecond) };
  const { batches, bytes } = pace.credits;
  return {
    ...pace,
    credits: { batches: half(batches, FLOOR.credits.batches), bytes: half(bytes, FLOOR.credits.bytes) },
  };
}

export function faster(pace: Pace): Pace {
  const { batches, bytes } = pace.credits;
  if (batches < FULL_PACE.credits.batches || bytes < FULL_PACE.credits.bytes) {
    const credits = {
      batches: twice(batches, FULL_PACE.credits.batches),
      bytes: twice(bytes, FULL_PACE.credits.bytes),
    };
    return { ...pace, credits };
  }
  return { ...pace, catchUpPerSecond: twice(pace.catchUpPerSecond, FULL_PACE.catchUpPerSecond) };
}

export interface PaceKeeperDeps {
  clock: Clock;
  /** 99th percentile of the event loop's delay since the last call. */
  loopDelayMs: () => number;
  /** Of the newest commit of ingest. */
  commitMs: () => number;
  onChange: (pace: Pace) => void;
}

export class PaceKeeper {
  readonly #deps: PaceKeeperDeps;
  #pace = FULL_PACE;
  #slow = 0;
  #calm = 0;

  constructor(deps: PaceKeeperDeps) {
    this.#deps = deps;
  }

  get pace(): Pace {
    return this.#pace;
  }

  /** Looks once a second until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#deps.clock.sleep(1_000, signal).catch(() => undefined); // only the signal rejects a sleep
      this.look();
    }
  }

  look(): void {
    const isSlow = this.#deps.loopDelayMs() > SLOW_MS || this.#deps.commitMs() > SLOW_MS;
    this.#slow = isSlow ? this.#slow + 1 : 0;
    this.#calm = isSlow ? 0 : this.#calm + 1;
    if (this.#slow >= SLOW_SECONDS) {
      this.#slow = 0;
      this.#set(slower(this.#pace));
    } else if (this.#calm >= CALM_SECONDS) {
      this.#calm = 0;
      this.#set(faster(this.#pace));
    }
  }

  #set(pace: Pace): void {
    const { credits, catchUpPerSecond } = this.#pace;
    if (
      pace.catchUpPerSecond === catchUpPerSecond &&
      pace.credits.batches === credits.batches &&
      pace.credits.bytes === credits.bytes
    )
      return;
    this.#pace = pace;
    this.#deps.onChange(pace);
  }
}
