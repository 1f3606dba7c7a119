// Orders that were taken and wait until the time in which they can be stopped is over.
import type { Clock } from '#shared/base/clock.ts';
import type { ManifestId } from '#shared/base/id.ts';

export class HeldOrders {
  readonly #clock: Pick<Clock, 'sleep'>;
  /** Bounded by the charter's devices per ten minutes: each held order has counted there. */
  readonly #held = new Map<ManifestId, AbortController>();
  readonly #ends = new Set<Promise<void>>();

  constructor(clock: Pick<Clock, 'sleep'>) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Calls `onDue` after `waitMs` of this process's own time, which no turned clock shortens; never after `drop`. */
  hold(id: ManifestId, waitMs: number, onDue: () => Promise<void>): void {
    const abort = new AbortController();
    this.#held.set(id, abort);
    const end = this.#clock.sleep(waitMs, abort.signal).then(
      () => {
        this.#held.delete(id);
        return onDue();
      },
      () => undefined, // dropped
    );
    this.#ends.add(end);
    void end.finally(() => this.#ends.delete(end));
  }

  drop(id: ManifestId): void {
    this.#held.get(id)?.abort();
    this.#held.delete(id);
  }

  /** Drops all; the journal keeps them. Resolves when none is on its way to its start. */
  async stop(): Promise<void> {
    this.dropAll();
    await Promise.allSettled(this.#ends);
  }

  dropAll(): void {
    for (const abort of this.#held.values()) abort.abort();
    this.#held.clear();
  }
}

/** What is left of the wait of an order taken at `acceptedAt`; a clock that was turned back makes it no longer than the whole. */
export const restOfWait = (stopMs: number, acceptedAt: number, now: number): number =>
  Math.min(stopMs, Math.max(0, acceptedAt + stopMs - now));
