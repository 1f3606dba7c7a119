// How the way up goes just now: samples and batches a second, and how old live samples are when they are stored.
import type { Clock } from '#shared/base/clock.ts';
import type { Arrived } from './commit-group.ts';

/** Long enough to be calm, short enough to be now. */
const WINDOW_S = 60;
/** Live batches of the window that are remembered: 50 relays send one every two seconds. Beyond, the newest count. */
const MAX_LAGS = 4_096;

interface Second {
  second: number;
  samples: number;
  batches: number;
}

export interface Pulse {
  samplesPerSecond: number;
  batchesPerSecond: number;
  /** 95th percentile over live batches of their oldest sample; null without any. */
  lagMs: number | null;
}

export class IngestPulse {
  readonly #clock: Clock;
  readonly #beganAt: number;
  /** One place for each second of the window, used again after it. */
  readonly #seconds: Second[] = Array.from({ length: WINDOW_S }, () => ({ second: -1, samples: 0, batches: 0 }));
  readonly #lags: Array<{ at: number; lagMs: number }> = [];

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
    this.#beganAt = deps.clock.monotonic();
  }

  /** Told after each commit. */
  take({ polls, isLive }: Pick<Arrived, 'polls' | 'isLive'>): void {
    const now = this.#clock.monotonic();
    const second = Math.floor(now / 1_000);
    const place = second % WINDOW_S;
    const known = this.#seconds[place];
    const bucket = known?.second === second ? known : { second, samples: 0, batches: 0 };
    this.#seconds[place] = bucket;
    bucket.batches += 1;
    for (const poll of polls) bucket.samples += poll.series.length;
    if (isLive && polls.length > 0) this.#addLag(now, polls);
  }

  read(): Pulse {
    const now = this.#clock.monotonic();
    // The second that runs is not whole: it counts with the next reading.
    const current = Math.floor(now / 1_000);
    const known = this.#seconds.filter(({ second }) => second > current - WINDOW_S && second < current);
    const seconds = Math.max(1, Math.min(WINDOW_S - 1, Math.floor((now - this.#beganAt) / 1_000)));
    const sum = (of: 'samples' | 'batches') => known.reduce((total, second) => total + second[of], 0);
    const lags = this.#lags.filter(({ at }) => at > now - WINDOW_S * 1_000).map(({ lagMs }) => lagMs);
    return { samplesPerSecond: sum('samples') / seconds, batchesPerSecond: sum('batches') / seconds, lagMs: p95(lags) };
  }

  #addLag(now: number, polls: Arrived['polls']): void {
    let oldest = Number.POSITIVE_INFINITY;
    for (const { at } of polls) oldest = Math.min(oldest, at);
    // A relay's clock may run ahead of ours: that is skew, and told as such elsewhere.
    this.#lags.push({ at: now, lagMs: Math.max(0, this.#clock.now() - oldest) });
    if (this.#lags.length > MAX_LAGS) this.#lags.splice(0, MAX_LAGS / 2);
  }
}

function p95(values: number[]): number | null {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
}
