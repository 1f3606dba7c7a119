// How old live samples are when the console has stored them: commits told by the relays, against the watermarks in the console's file.
import type { EpochMs } from '#shared/base/clock.ts';
import type { LiveBatch } from './offline-relay.ts';

/** Numbers of lane 2 that are stored, by relay. */
export type StoredLive = readonly number[];

export class LiveAge {
  readonly #since: EpochMs;
  #waiting: LiveBatch[] = [];
  #maxMs = 0;
  #measured = 0;
  readonly #relays = new Set<number>();

  /** Batches committed before `since` are warm-up. */
  constructor(since: EpochMs) {
    this.#since = since;
  }

  /** The oldest sample of all live batches: what was stored when it was stored, what still waits as of the last look. */
  get maxMs(): number {
    return this.#maxMs;
  }

  get batches(): number {
    return this.#measured;
  }

  /** Relays of which at least one live batch was stored. */
  get relays(): number {
    return this.#relays.size;
  }

  look(committed: readonly LiveBatch[], stored: StoredLive, now: EpochMs): void {
    this.#waiting.push(...committed.filter(({ oldestAt }) => oldestAt >= this.#since));
    const isStored = ({ relay, seq }: LiveBatch) => (stored[relay] ?? 0) >= seq;
    for (const batch of this.#waiting) {
      this.#maxMs = Math.max(this.#maxMs, now - batch.oldestAt);
      if (!isStored(batch)) continue;
      this.#measured += 1;
      this.#relays.add(batch.relay);
    }
    this.#waiting = this.#waiting.filter((batch) => !isStored(batch));
  }
}
