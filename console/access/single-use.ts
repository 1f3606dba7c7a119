// A bounded store of things that are good once and for a short while: challenges of passkeys, sign-ins under way at a provider.
import type { Clock } from '#shared/base/clock.ts';

interface Kept<T> {
  value: T;
  until: number;
}

export class SingleUse<T> {
  readonly #clock: Clock;
  readonly #lifeMs: number;
  readonly #capacity: number;
  /** In the order of their making, which is that of their end. */
  readonly #kept = new Map<string, Kept<T>>();

  constructor(deps: { clock: Clock; lifeMs: number; capacity: number }) {
    this.#clock = deps.clock;
    this.#lifeMs = deps.lifeMs;
    this.#capacity = deps.capacity;
  }

  /** At the bound the oldest makes room: who floods it makes others begin anew, and takes no more memory. */
  keep(key: string, value: T): { lifeMs: number } {
    const now = this.#clock.monotonic();
    for (const [old, { until }] of this.#kept) {
      if (until > now && this.#kept.size < this.#capacity) break;
      this.#kept.delete(old);
    }
    this.#kept.set(key, { value, until: now + this.#lifeMs });
    return { lifeMs: this.#lifeMs };
  }

  /** It is gone after that, whatever comes of it. */
  take(key: string): T | undefined {
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    return kept !== undefined && kept.until > this.#clock.monotonic() ? kept.value : undefined;
  }
}
