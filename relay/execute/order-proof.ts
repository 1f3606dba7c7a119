// What the journal keeps of an order, and proving it: from the console, or given by this relay to itself.
import { z } from 'zod';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, type RelayId, type SiteId, type StandingId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import { type Manifest, SignedManifest } from '#shared/model/manifest.ts';
import type { FiringRecord } from '#shared/model/record.ts';
import { SignedStanding } from '#shared/model/standing-order.ts';
import { checkManifest } from '#shared/seal/manifest-check.ts';
import { verifySignedManifest } from '#shared/seal/manifest-seal.ts';
import { firingManifest, verifyStandingOrder } from '#shared/seal/standing-seal.ts';

/** One firing of a standing order, with all that proves it. */
export const StandingFiring = z.strictObject({
  kind: z.literal('standing'),
  signed: SignedStanding,
  key: z.string().min(1).max(200),
  at: z.int(),
  devices: z.array(DeviceId).min(1).max(2_000),
});
export type StandingFiring = z.infer<typeof StandingFiring>;

/** An order that this relay gives itself. */
export type OwnOrder = StandingFiring;
export type KeptOrder = SignedManifest | OwnOrder;
const KeptOrder = z.union([SignedManifest, StandingFiring]);

export const readKept = (text: string): KeptOrder => KeptOrder.parse(JSON.parse(text));

export interface ProofPlace {
  site: SiteId;
  relay: RelayId;
  charter: Charter;
  now: EpochMs;
  isResumed: boolean;
  /** The newest freeze or thaw of the site. */
  since: EpochMs;
  /** The order stands at this relay and was not withdrawn. */
  isStanding: (id: StandingId) => boolean;
}

export interface ProvenOrder {
  manifest: Manifest;
  /** Absent for what the console handed over. */
  own?: {
    source: Pick<FiringRecord, 'source' | 'of'>;
    /** Not again on one device before this is over. */
    coolDownMs: number;
  };
}

export async function proveOrder(order: KeptOrder, place: ProofPlace): Promise<ProvenOrder> {
  if ('manifest' in order) {
    const verified = await verifySignedManifest(order, place.charter);
    checkManifest(verified, place);
    return { manifest: verified.manifest };
  }
  return proveFiring(order, place);
}

async function proveFiring(firing: StandingFiring, place: ProofPlace): Promise<ProvenOrder> {
  const { document, signers } = await verifyStandingOrder(firing.signed, place);
  if (!place.isStanding(document.id))
    throw new AppError('standing-withdrawn', `standing order ${document.id}: does not stand here any more`);
  const manifest = await firingManifest(document, firing, place.charter);
  // What the tier asks for was signed when the order was; how old it may be, the order itself says.
  checkManifest({ manifest, signers, total: manifest.targets.length, count: 1 }, { ...place, isResumed: true });
  return { manifest, own: { source: { source: 'standing', of: document.id }, coolDownMs: document.coolDownMs } };
}
