// Says when what waits in memory has to be written. One sleep looks after many batches: most are written before their time.
import type { Clock } from '#shared/base/clock.ts';

export class CommitTimer {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #onDue: () => void;
  /** Monotonic. */
  #dueAt: number | undefined;
  /** When the next look comes. */
  #looksAt = Number.POSITIVE_INFINITY;

  /** Nothing is due once the signal has aborted. */
  constructor(deps: { clock: Clock; signal: AbortSignal; onDue: () => void }) {
    this.#clock = deps.clock;
    this.#signal = deps.signal;
    this.#onDue = deps.onDue;
  }

  /** The wait begins now, if it has not begun. */
  arm(waitMs: number): void {
    if (this.#dueAt !== undefined) return;
    this.#dueAt = this.#clock.monotonic() + waitMs;
    this.#lookWhenDue();
  }

  /** Nothing waits any more. */
  disarm(): void {
    this.#dueAt = undefined;
  }

  #lookWhenDue(): void {
    const at = this.#dueAt;
    if (at === undefined || this.#looksAt <= at) return;
    this.#looksAt = at;
    this.#clock.sleep(at - this.#clock.monotonic(), this.#signal).then(
      () => this.#look(at),
      () => undefined, // aborted
    );
  }

  #look(at: number): void {
    if (this.#looksAt === at) this.#looksAt = Number.POSITIVE_INFINITY;
    if (this.#dueAt === undefined) return;
    if (this.#clock.monotonic() < this.#dueAt) this.#lookWhenDue();
    else {
      this.#dueAt = undefined;
      this.#onDue();
    }
  }
}
