// Relays of whose identity two machines live at once: neither gets in until a person has looked.
import type { Clock } from '#shared/base/clock.ts';
import type { RelayId } from '#shared/base/id.ts';
import type { RelayLink } from './relay-link.ts';

/** A live peer answers a ping in the time of a slow line; one that is gone never does. */
const PROOF_MS = 3_000;

export class CloneFence {
  readonly #clock: Clock;
  readonly #fenced = new Set<RelayId>();
  /** Judgements under way: a third session that arrives while the first two are judged starts one more. */
  readonly #judging = new Map<RelayId, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isFenced(relay: RelayId): boolean {
    return this.#fenced.has(relay);
  }

  /** While it is not known which of two machines is the relay, neither is told anything. */
  isJudging(relay: RelayId): boolean {
    return this.#judging.has(relay);
  }

  /** A person says that one machine is left. False when the relay was not fenced. */
  release(relay: RelayId): boolean {
    return this.#fenced.delete(relay);
  }

  /**
   * True, and the relay is fenced, when both connections are alive: the former was asked for a sign of life after the newer
   * had come, and gave one. A process that ended, or a network that broke, cannot.
   */
  async judge(former: RelayLink, newer: RelayLink): Promise<boolean> {
    const { relay } = newer.peer;
    this.#judging.set(relay, (this.#judging.get(relay) ?? 0) + 1);
    try {
      const askedAt = this.#clock.monotonic();
      former.ping();
      await this.#clock.sleep(PROOF_MS);
      const areBothLive = !former.isOver && !newer.isOver && former.silenceMs <= this.#clock.monotonic() - askedAt;
      if (areBothLive) this.#fenced.add(relay);
      return areBothLive;
    } finally {
      const left = (this.#judging.get(relay) ?? 1) - 1;
      if (left > 0) this.#judging.set(relay, left);
      else this.#judging.delete(relay);
    }
  }
}
