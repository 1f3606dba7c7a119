// Takes standing orders and their withdrawals: proven against the charter of their site, kept, and handed to their relay, who proves them again.
import { actorName, type Caller } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId, SiteId, StandingId } from '#shared/base/id.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Signer } from '#shared/model/charter.ts';
import { MAX_SIGNATURES } from '#shared/model/manifest.ts';
import {
  MAX_STANDING,
  type SignedStanding,
  type StandingDocument,
  type StandingOrder,
} from '#shared/model/standing-order.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { readBrake } from '#shared/seal/freeze-seal.ts';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { checkStandingPlace, proveStanding, readStanding, verifyStandingOrder } from '#shared/seal/standing-seal.ts';
import { checkRoles, isEnough, missingFor, missingText } from '#shared/seal/tier-check.ts';
import { brakesOf } from './brake-service.ts';
import { charterOf } from './charter-service.ts';
import {
  countStanding,
  findStanding,
  insertStanding,
  listStanding,
  listStandingOf,
  lockStanding,
  type StandingState,
  type StoredStanding,
  setStanding,
} from './standing-repository.ts';

export interface JudgedStanding {
  document: StandingDocument;
  signed: SignedStanding;
  signers: Signer[];
  /** Who still has to sign, in words. */
  lacks: string | undefined;
}

async function placeOf(db: Db, scope: Scope, site: SiteId, now: EpochMs) {
  const charter = await readCharter((await charterOf(db, scope, site)).signed);
  const brakes = (await brakesOf(db, scope, site)).map((signed) => readBrake(signed).at);
  return { site, charter, now, since: Math.max(0, ...brakes) };
}

/** Throws what its relay would refuse it for, but for signatures that may still come. */
export async function judgeStanding(
  db: Db,
  scope: Scope,
  signed: SignedStanding,
  now: EpochMs,
): Promise<JudgedStanding> {
  const place = await placeOf(db, scope, readStanding(signed).site, now);
  const { document, signers } = await proveStanding(signed, place.charter);
  checkStandingPlace(document, place);
  if (document.kind === 'withdrawal') return { document, signed, signers, lacks: undefined };
  checkRoles(signers);
  const missing = missingFor(tierRule(place.charter, tierOf(document.action)), signers);
  return { document, signed, signers, lacks: isEnough(missing) ? undefined : missingText(missing) };
}

type Judged = Pick<StoredStanding, 'signed' | 'siteId' | 'state'>;

/** Says why its relay does not fire an order now, in words; undefined when it would. Of many orders each site is read once. */
export function whyNotAt(db: Db, scope: Scope, now: EpochMs): (standing: Judged) => Promise<string | undefined> {
  const places = new Map<SiteId, ReturnType<typeof placeOf>>();
  const place = (site: SiteId) => {
    const known = places.get(site) ?? placeOf(db, scope, site, now);
    places.set(site, known);
    return known;
  };
  return async ({ signed, siteId, state }) => {
    if (state !== 'active') return state === 'withdrawn' ? 'withdrawn' : undefined;
    try {
      await verifyStandingOrder(signed, await place(siteId));
      return undefined;
    } catch (error) {
      if (error instanceof AppError) return error.message;
      throw error;
    }
  };
}

/** Stores a judged document; with one more signature it replaces the one that waits. Returns the state it is in now. */
export async function storeStanding(
  tx: Tx,
  caller: Caller,
  { document, signed, signers, lacks }: JudgedStanding,
  now: EpochMs,
): Promise<{ state: StandingState; relayId: RelayId }> {
  const known = await lockStanding(tx, document.id);
  if (document.kind === 'withdrawal') return withdraw(tx, known, { document, signed });
  const relay = await tx
    .selectFrom('relay')
    .select(['site_id', 'revoked_at'])
    .where('id', '=', document.relay)
    .executeTakeFirst();
  if (relay === undefined || relay.site_id !== document.site || relay.revoked_at !== null)
    throw new AppError('manifest-retargeted', `standing order ${document.id}: its site has no such relay`);
  const state: StandingState = lacks === undefined ? 'active' : 'waiting-for-signature';
  const signer = signers.map(({ key }) => key.id).join(' ');
  if (known === undefined) {
    if ((await countStanding(tx, document.relay, now)) >= MAX_STANDING)
      throw new AppError(
        'cap-exceeded',
        `relay ${document.relay}: holds ${MAX_STANDING} standing orders; withdraw some first`,
      );
    await insertStanding(tx, {
      ...{ id: document.id, siteId: document.site, relayId: document.relay, signed, signer, state },
      ...{ createdBy: actorName(caller.actor), createdAt: now, expiresAt: document.exp, withdrawal: null },
    });
    return { state, relayId: document.relay };
  }
  const isNext =
    known.state === 'waiting-for-signature' &&
    known.signed.text === signed.text &&
    signed.signatures.length > known.signed.signatures.length &&
    signed.signatures.length <= MAX_SIGNATURES;
  if (!isNext) throw new AppError('conflict', `standing order ${document.id}: is ${known.state} already`);
  await setStanding(tx, document.id, { signed, signer, state, withdrawal: null });
  return { state, relayId: document.relay };
}

async function withdraw(
  tx: Tx,
  known: StoredStanding | undefined,
  { document, signed }: { document: Exclude<StandingDocument, StandingOrder>; signed: SignedStanding },
): Promise<{ state: StandingState; relayId: RelayId }> {
  if (known === undefined || known.relayId !== document.relay || known.siteId !== document.site)
    throw new AppError('not-found', `no standing order ${document.id} at that relay`);
  if (known.state === 'withdrawn')
    throw new AppError('conflict', `standing order ${document.id}: is withdrawn already`);
  await setStanding(tx, document.id, { ...known, state: 'withdrawn', withdrawal: signed });
  return { state: 'withdrawn', relayId: document.relay };
}

/** A withdrawal is told as long as a relay whose clock is behind may still hold the order for one that stands. */
const LATE_CLOCK_MS = 7 * 86_400_000;

/** What the relay shall have, withdrawals first. An order that has ended would be refused, and told as refused, at each link. */
export async function standingFor(db: Db, scope: Scope, relay: RelayId, now: EpochMs): Promise<SignedStanding[]> {
  const all = await listStandingOf(db, scope, relay, now - LATE_CLOCK_MS);
  const withdrawals = all.flatMap(({ withdrawal }) => (withdrawal === null ? [] : [withdrawal]));
  const standing = all.filter(({ state, expiresAt }) => state === 'active' && expiresAt > now);
  return [...withdrawals, ...standing.map(({ signed }) => signed)];
}

/** Newest first. */
export const standingOrders = (db: Db, scope: Scope, site: SiteId | undefined): Promise<StoredStanding[]> =>
  listStanding(db, scope, site);

export async function standingOrder(db: Db, scope: Scope, id: StandingId): Promise<StoredStanding> {
  const found = await findStanding(db, scope, id);
  if (found === undefined) throw new AppError('not-found', `no standing order ${id}`);
  return found;
}

export type { StoredStanding } from './standing-repository.ts';
