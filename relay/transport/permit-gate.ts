// A counted gate: so many at once, so many waiting, first come first served.
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';

/** Gives the place back; calling it again does nothing. */
export type Release = () => void;

interface Waiter {
  enter: (release: Release) => void;
}

export class PermitGate {
  readonly #limit: number;
  readonly #maxWaiting: number;
  readonly #name: string;
  #inside = 0;
  #waiters = new Set<Waiter>();

  /** `name` stands in the message when the queue is full. */
  constructor(options: { name: string; limit: number; maxWaiting: number }) {
    this.#name = options.name;
    this.#limit = options.limit;
    this.#maxWaiting = options.maxWaiting;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** A place if one is free now: most of the time it is, and then no deadline need be set up. */
  tryEnter(): Release | undefined {
    return this.#inside < this.#limit ? this.#take() : undefined;
  }

  /** Waits for a place until the signal aborts, which gives what `onAbort` says. */
  async enter(signal: AbortSignal, onAbort: () => Failure): Promise<Outcome<Release>> {
    if (signal.aborted) return onAbort();
    if (this.#inside < this.#limit) return succeed(this.#take());
    if (this.#waiters.size >= this.#maxWaiting)
      return fail('refused', `${this.#name}: ${this.#maxWaiting} are waiting already`);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        enter: (release) => {
          signal.removeEventListener('abort', leave);
          resolve(succeed(release));
        },
      };
      const leave = () => {
        this.#waiters.delete(waiter);
        resolve(onAbort());
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiters.add(waiter);
    });
  }

  #take(): Release {
    this.#inside += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#inside -= 1;
      const [next] = this.#waiters;
      if (next === undefined) return;
      this.#waiters.delete(next);
      next.enter(this.#take());
    };
  }
}
