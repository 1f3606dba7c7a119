// What the journal keeps of an order, and proving it: from the console, or given by this relay to itself.
import { z } from 'zod';
import { checkPermit, type Permit } from '#relay/pin/permit-store.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, PermitId, type RelayId, type SiteId, type StandingId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import { Manifest, ManifestTarget, SignedManifest } from '#shared/model/manifest.ts';
import type { FiringRecord } from '#shared/model/record.ts';
import { SignedStanding } from '#shared/model/standing-order.ts';
import { identityMarks } from '#shared/model/standing-rule.ts';
import { checkManifest } from '#shared/seal/manifest-check.ts';
import { verifySignedManifest } from '#shared/seal/manifest-seal.ts';
import { isScriptAction, proveScript, variablesOf } from '#shared/seal/script-seal.ts';
import { firingManifest, verifyStandingOrder } from '#shared/seal/standing-seal.ts';

/** One firing of a standing order, with all that proves it. */
export const StandingFiring = z.strictObject({
  kind: z.literal('standing'),
  signed: SignedStanding,
  key: z.string().min(1).max(200),
  at: z.int(),
  devices: z.array(DeviceId).min(1).max(2_000),
  /** Of an order by rule: what fitted it, and as which machine it is pinned. */
  fitted: z.array(ManifestTarget).min(1).max(2_000).optional(),
});
export type StandingFiring = z.infer<typeof StandingFiring>;

/** What a person at the relay's own machine runs under a permit; no key has signed it, and no wire carries it. */
export const GlassOrder = z.strictObject({ kind: z.literal('break-glass'), permit: PermitId, order: Manifest });
export type GlassOrder = z.infer<typeof GlassOrder>;

/** An order that this relay gives itself. */
export type OwnOrder = StandingFiring | GlassOrder;
export type KeptOrder = SignedManifest | OwnOrder;
const KeptOrder = z.union([SignedManifest, StandingFiring, GlassOrder]);

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
  /** The permit in force, when somebody broke the glass. */
  permit: () => Permit | undefined;
}

export interface ProvenOrder {
  manifest: Manifest;
  /** Absent for what the console handed over. */
  own?: {
    source: Pick<FiringRecord, 'source' | 'of'>;
    /** Not again on one device before this is over. */
    coolDownMs: number;
    /** What rests: devices, and with a rule the machines behind them, whatever ids a console gives them. */
    resting: string[];
    /** What it rests on still holds: the standing order, or the permit. */
    isInForce: () => boolean;
    /** A person stands there and waits: no time to think again, and the freeze is theirs to pass when they said so. */
    isAttended: boolean;
    isThroughFreeze: boolean;
  };
}

/** Proven under what holds once the proof stands: a charter, a brake, a withdrawal or an end that came meanwhile counts. */
export async function proveOrder(order: KeptOrder, placeNow: () => ProofPlace): Promise<ProvenOrder> {
  const place = placeNow();
  const proven = await proveAt(order, place);
  const { charter, since } = placeNow();
  const isSame = charter.version === place.charter.version && since === place.since;
  return isSame && proven.own?.isInForce() !== false ? proven : proveOrder(order, placeNow);
}

async function proveAt(order: KeptOrder, place: ProofPlace): Promise<ProvenOrder> {
  if ('manifest' in order) {
    const verified = await verifySignedManifest(order, place.charter);
    checkManifest(verified, place);
    await checkScript(verified.manifest, place.charter);
    return { manifest: verified.manifest };
  }
  return order.kind === 'standing' ? proveFiring(order, place) : provePermitted(order, place);
}

/** What a library signed is proven as what a person signed is: by this relay, at each order. */
async function checkScript({ action }: Manifest, charter: Charter): Promise<void> {
  if (isScriptAction(action)) await proveScript(action, charter);
}

async function proveFiring(firing: StandingFiring, place: ProofPlace): Promise<ProvenOrder> {
  const { document, signers } = await verifyStandingOrder(firing.signed, place);
  if (!place.isStanding(document.id))
    throw new AppError('standing-withdrawn', `standing order ${document.id}: does not stand here any more`);
  const manifest = await firingManifest(document, firing, place.charter);
  // What the tier asks for was signed when the order was; how old it may be, the order itself says.
  checkManifest({ manifest, signers, total: manifest.targets.length, count: 1 }, { ...place, isResumed: true });
  await checkScript(manifest, place.charter);
  return {
    manifest,
    own: {
      source: { source: 'standing', of: document.id },
      coolDownMs: document.coolDownMs,
      resting: document.rule === undefined ? [...firing.devices] : manifest.targets.flatMap(restingMarks),
      isInForce: () => place.isStanding(document.id),
      isAttended: false,
      isThroughFreeze: false,
    },
  };
}

/** A device by its id, and by what its machine is known by. */
export const restingMarks = ({ device, identity }: ManifestTarget): string[] => [device, ...identityMarks(identity)];

/** The charter's caps hold here too; its signers, its tiers' people and its end do not: the permit stands for them. */
function provePermitted(
  { permit: id, order }: GlassOrder,
  { site, relay, charter, now, permit }: ProofPlace,
): ProvenOrder {
  const devices = order.targets.map(({ device }) => device);
  const { isThroughFreeze } = checkPermit(permit(), { id, devices });
  if (order.site !== site || order.relay !== relay)
    throw new AppError('manifest-retargeted', `order ${order.id}: meant for another relay`);
  if (now >= order.exp) throw new AppError('manifest-expired', `order ${order.id}: expired`);
  // What nobody signed opens nothing: who is at this machine may put a value into the command itself.
  if (isScriptAction(order.action))
    throw new AppError('manifest-invalid', `order ${order.id}: scripts of the library are for signed orders alone`);
  if (variablesOf(order.action) !== undefined)
    throw new AppError('manifest-invalid', `order ${order.id}: variables are for signed orders alone`);
  if (order.action.name === 'session.open')
    throw new AppError('manifest-invalid', `order ${order.id}: a session belongs to a key, and nobody signed this`);
  const { devicesPerManifest, maxTimeoutMs, maxOutputBytes } = charter.caps;
  const { timeoutMs, outputBytes } = order.caps;
  if (devices.length > devicesPerManifest || timeoutMs > maxTimeoutMs || outputBytes > maxOutputBytes)
    throw new AppError('cap-exceeded', `order ${order.id}: is beyond the charter's caps`);
  const source = { source: 'break-glass' as const, of: id };
  const isInForce = () => permit()?.id === id;
  return { manifest: order, own: { source, coolDownMs: 0, resting: [], isInForce, isAttended: true, isThroughFreeze } };
}

/** What was signed and taken before the newest freeze or thaw ended with it, though a full disk kept the journal from saying so. */
export function refuseFrozen({ id, nbf }: Manifest, acceptedAt: EpochMs, brakedAt: EpochMs): void {
  // By both clocks: a relay that is behind takes orders of after a thaw at a time before it.
  if (Math.max(nbf, acceptedAt) < brakedAt)
    throw new AppError('frozen', `manifest ${id}: the site was frozen after it was taken`);
}

/** What goes up before the outcomes of such an order. */
export const firingOf = (
  { id, action, reason, exp, targets }: Manifest,
  source: Pick<FiringRecord, 'source' | 'of'>,
  at: EpochMs,
): FiringRecord => ({
  ...{ type: 'firing', at, manifest: id, ...source, action: action.name, reason, expiresAt: exp },
  devices: targets.map(({ device }) => device),
});

/** The id the refused text claims, for finding it again; proves nothing. */
export function claimedId(signed: SignedManifest): string {
  const match = /"id":"([0-9a-f-]{36})"/.exec(signed.manifest);
  return match?.[1] ?? 'unreadable';
}
