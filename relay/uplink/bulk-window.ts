// How many bytes of samples may be on their way, learned from how long acknowledgements take: outcomes and alerts wait behind no more.

/**
 * The kernel's send buffer takes megabytes, so counting what we hold ourselves says nothing about a slow link.
 * The time from sending to acknowledgement does: what it exceeds the best of the last minute is time spent in queues.
 */
const GROW_BELOW_MS = 200;
/** On a 64 kbit/s link 600 ms of queue are 4.8 KB; an outcome that comes now is on its way within that and one batch. */
const SHRINK_ABOVE_MS = 600;
/** A few sample batches; a larger one still goes when nothing else of samples is on its way. */
const MIN_BYTES = 4 * 1024;
/** Doubled per round trip while the link takes it: a LAN is at full speed after some 10 round trips. */
const FIRST_BYTES = 8 * 1024;
/** The best time is of the last one to two of these: routes change. */
const BEST_OF_MS = 30_000;
/** Assumed of a link until it has shown better: 32 kbit/s. */
const SLOWEST_BYTES_PER_MS = 4;

export class BulkWindow {
  #bytes = FIRST_BYTES;
  #best = Number.POSITIVE_INFINITY;
  #formerBest = Number.POSITIVE_INFINITY;
  #bestSince: number | undefined;
  #shrunkAt = Number.NEGATIVE_INFINITY;
  #bytesPerMs = SLOWEST_BYTES_PER_MS;

  get bytes(): number {
    return this.#bytes;
  }

  /** How long `bytes` in flight may take at the speed this link has shown: added to deadlines, so that slow is not dead. */
  allowanceMs(bytes: number): number {
    return bytes / this.#bytesPerMs;
  }

  /** `ahead`: bytes in flight when it was sent, itself counted; `acked`: bytes this acknowledgement freed. */
  onAck(sample: { latencyMs: number; ahead: number; acked: number; now: number; maxBytes: number }): void {
    const { latencyMs, ahead, acked, now, maxBytes } = sample;
    const speed = ahead / Math.max(1, latencyMs);
    this.#bytesPerMs = Math.max(SLOWEST_BYTES_PER_MS, speed, this.#bytesPerMs * 0.95);
    this.#learnBest(latencyMs, now);
    const queuedMs = latencyMs - Math.min(this.#best, this.#formerBest);
    // A window that was not in use has proved nothing: it would grow for days and then flood a slow link at once.
    const wasUsed = ahead * 2 >= this.#bytes;
    if (queuedMs < GROW_BELOW_MS && wasUsed) this.#bytes = Math.min(maxBytes, this.#bytes + acked);
    else if (queuedMs > SHRINK_ABOVE_MS && now - this.#shrunkAt > latencyMs) {
      this.#bytes = Math.max(MIN_BYTES, this.#bytes / 2);
      // What is in flight now was sent under the old window: its times do not count twice.
      this.#shrunkAt = now;
    }
    this.#bytes = Math.min(this.#bytes, Math.max(MIN_BYTES, maxBytes));
  }

  #learnBest(latencyMs: number, now: number): void {
    this.#bestSince ??= now;
    if (now - this.#bestSince > BEST_OF_MS) {
      this.#formerBest = this.#best;
      this.#best = Number.POSITIVE_INFINITY;
      this.#bestSince = now;
    }
    this.#best = Math.min(this.#best, latencyMs);
  }
}
