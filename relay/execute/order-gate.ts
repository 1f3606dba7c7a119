// What every order passes before it is taken, and again before it starts: its proof under what holds at this relay now.
import type { Permit } from '#relay/pin/permit-store.ts';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId, SiteId, StandingId } from '#shared/base/id.ts';
import { textSize } from '#shared/base/text-size.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Charter, TierRule } from '#shared/model/charter.ts';
import type { Manifest, SignedManifest } from '#shared/model/manifest.ts';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { type KeptOrder, type ProvenOrder, proveOrder } from './order-proof.ts';

/** Text of orders whose proof is under way: every order of an outage at once, but not the memory of this machine. */
const MAX_PROVING_CHARACTERS = 32 * 1024 * 1024;

interface OrderGateDeps {
  clock: Pick<Clock, 'now'>;
  place: () => { site: SiteId; relay: RelayId; charter: Charter } | undefined;
  journalSince: () => EpochMs;
  isStanding?: (id: StandingId) => boolean;
  brakedAt?: () => EpochMs;
  permit?: () => Permit | undefined;
}

export class OrderGate {
  readonly #deps: OrderGateDeps;
  #proving = 0;

  constructor(deps: OrderGateDeps) {
    this.#deps = deps;
  }

  async prove(signed: SignedManifest): Promise<Manifest> {
    const size = textSize(signed);
    if (this.#proving + size > MAX_PROVING_CHARACTERS)
      throw new AppError('rate-limited', 'too many orders at once: sign it anew');
    this.#proving += size;
    try {
      return (await this.verify(signed, false)).manifest;
    } finally {
      this.#proving -= size;
    }
  }

  async verify(order: KeptOrder, isResumed: boolean): Promise<ProvenOrder> {
    const { clock, isStanding, brakedAt, permit } = this.#deps;
    const proven = await proveOrder(order, () => ({
      ...this.place(),
      ...{ now: clock.now(), isResumed, since: brakedAt?.() ?? 0 },
      isStanding: isStanding ?? (() => false),
      permit: permit ?? (() => undefined),
    }));
    this.#refuseOlderThanJournal(proven.manifest);
    return proven;
  }

  place() {
    const place = this.#deps.place();
    if (place === undefined) throw new AppError('charter-invalid', 'this relay has no charter yet');
    return place;
  }

  ruleOf(manifest: Manifest): TierRule {
    return tierRule(this.place().charter, tierOf(manifest.action));
  }

  /** A journal that began after an order was signed cannot know whether it ran: such an order is refused. */
  #refuseOlderThanJournal(manifest: Manifest): void {
    const floor = this.#deps.journalSince();
    if (manifest.nbf < floor) {
      throw new AppError('manifest-replayed', `manifest ${manifest.id}: signed before this relay's journal began`);
    }
  }
}
