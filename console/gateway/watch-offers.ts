// Tells linked relays anew how to watch: at once where a document was signed, gathered where devices moved between layers.
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { LinkRegistry } from './link-registry.ts';

/** Groups by rule move devices every second; who belongs to a layer is told no more often than this. */
const GATHER_MS = 5_000;

export interface WatchOffersDeps {
  registry: Pick<LinkRegistry, 'get' | 'relays'>;
  clock: Clock;
  log: Logger;
}

export class WatchOffers {
  readonly #deps: WatchOffersDeps;
  #relays = new Set<RelayId>();
  #isAll = false;

  constructor(deps: WatchOffersDeps) {
    this.#deps = deps;
  }

  /** The relays of these sites watch by another document from now on. */
  signed(sites: readonly SiteId[]): void {
    const { registry } = this.#deps;
    const named = new Set<SiteId>(sites);
    for (const relay of registry.relays()) {
      const site = registry.get(relay)?.peer.site;
      if (site !== undefined && named.has(site)) this.#offer(relay);
    }
  }

  /** Devices of these relays may be members of other layers. A relay that is away is told at its next link. */
  moved(relays: Iterable<RelayId>): void {
    for (const relay of relays) this.#relays.add(relay);
  }

  /** Where layers stand has changed. */
  movedEverywhere(): void {
    this.#isAll = true;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, registry } = this.#deps;
    while (!signal.aborted) {
      await clock.sleep(GATHER_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      if (signal.aborted) return;
      const relays = this.#isAll ? registry.relays() : [...this.#relays];
      this.#relays = new Set();
      this.#isAll = false;
      for (const relay of relays) this.#offer(relay);
    }
  }

  #offer(relay: RelayId): void {
    const { registry, log } = this.#deps;
    registry
      .get(relay)
      ?.sendWatch()
      .catch((error: unknown) => {
        log.error({ relay, ...describeError(error) }, 'a relay could not be told how to watch');
        // Told with the next change at the latest, or here.
        this.#relays.add(relay);
      });
  }
}
