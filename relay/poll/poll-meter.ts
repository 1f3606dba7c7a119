// How many polls began in the last minute, and how late: counted in bounded memory, for people who ask how the relay is.

const SECOND_MS = 1_000;
const WINDOW_SECONDS = 60;
/** Enough for a 95th percentile; a relay of 2,000 devices starts more in a minute, and then the newest count. */
const MAX_LAGS = 4_096;

export class PollMeter {
  readonly #perSecond = new Uint32Array(WINDOW_SECONDS);
  /** Which second each place counts. */
  readonly #seconds = new Float64Array(WINDOW_SECONDS).fill(-1);
  readonly #lags = new Float64Array(MAX_LAGS);
  readonly #at = new Float64Array(MAX_LAGS).fill(Number.NEGATIVE_INFINITY);
  #next = 0;

  /** `now` is monotonic. */
  began(now: number, lagMs: number): void {
    const second = Math.floor(now / SECOND_MS);
    const place = second % WINDOW_SECONDS;
    if (this.#seconds[place] !== second) {
      this.#seconds[place] = second;
      this.#perSecond[place] = 0;
    }
    this.#perSecond[place] = (this.#perSecond[place] ?? 0) + 1;
    this.#lags[this.#next] = lagMs;
    this.#at[this.#next] = now;
    this.#next = (this.#next + 1) % MAX_LAGS;
  }

  /** Polls of the last sixty seconds, and the 95th percentile of how late they began; 0 without any. */
  read(now: number): { pollsPerMinute: number; pollLagMs: number } {
    const oldest = Math.floor(now / SECOND_MS) - WINDOW_SECONDS + 1;
    let polls = 0;
    for (const [place, second] of this.#seconds.entries()) if (second >= oldest) polls += this.#perSecond[place] ?? 0;
    const since = now - WINDOW_SECONDS * SECOND_MS;
    const lags = this.#lags.filter((_, i) => (this.#at[i] ?? 0) > since).sort();
    const p95 = lags[Math.min(lags.length - 1, Math.floor(lags.length * 0.95))];
    return { pollsPerMinute: polls, pollLagMs: Math.round(p95 ?? 0) };
  }
}
