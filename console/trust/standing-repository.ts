// Standing orders as stored: the signed texts as they came, and their withdrawals.
import { inScope, type Scope } from '#console/access/scope.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { RelayId, SiteId, StandingId } from '#shared/base/id.ts';
import { SignedStanding } from '#shared/model/standing-order.ts';

export type StandingState = 'waiting-for-signature' | 'active' | 'withdrawn';

export interface StoredStanding {
  id: StandingId;
  siteId: SiteId;
  relayId: RelayId;
  signed: SignedStanding;
  signer: string;
  createdBy: string;
  createdAt: EpochMs;
  expiresAt: EpochMs;
  state: StandingState;
  withdrawal: SignedStanding | null;
}

const query = (db: Db) =>
  db
    .selectFrom('standing_order')
    .select(['id', 'site_id', 'relay_id', 'signed', 'signer', 'created_by', 'created_at', 'expires_at'])
    .select(['state', 'withdrawal']);
type Row = Awaited<ReturnType<ReturnType<typeof query>['executeTakeFirstOrThrow']>>;

const stateOf = (text: string): StandingState =>
  text === 'active' || text === 'waiting-for-signature' ? text : 'withdrawn';

const toStanding = (row: Row): StoredStanding => ({
  id: StandingId.parse(row.id),
  siteId: SiteId.parse(row.site_id),
  relayId: RelayId.parse(row.relay_id),
  signed: SignedStanding.parse(JSON.parse(row.signed)),
  signer: row.signer,
  createdBy: row.created_by,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  state: stateOf(row.state),
  withdrawal: row.withdrawal === null ? null : SignedStanding.parse(JSON.parse(row.withdrawal)),
});

/** A relay holds a hundred; withdrawn ones stay to be looked at. */
const MAX_LISTED = 1_000;

/** Newest first. */
export async function listStanding(db: Db, scope: Scope, site: SiteId | undefined): Promise<StoredStanding[]> {
  let rows = query(db).where(inScope(scope, 'standing_order.site_id')).orderBy('created_at', 'desc').limit(MAX_LISTED);
  if (site !== undefined) rows = rows.where('site_id', '=', site);
  return (await rows.execute()).map(toStanding);
}

export async function findStanding(db: Db, scope: Scope, id: StandingId): Promise<StoredStanding | undefined> {
  const row = await query(db).where('id', '=', id).where(inScope(scope, 'standing_order.site_id')).executeTakeFirst();
  return row === undefined ? undefined : toStanding(row);
}

export async function lockStanding(tx: Tx, id: StandingId): Promise<StoredStanding | undefined> {
  const row = await query(tx).where('id', '=', id).$call(lockRows(tx)).executeTakeFirst();
  return row === undefined ? undefined : toStanding(row);
}

/** What the relay must hold or have heard of: nothing that lacks a signature, nothing that ended before `since`. */
export async function listStandingOf(db: Db, scope: Scope, relay: RelayId, since: EpochMs): Promise<StoredStanding[]> {
  const rows = await query(db)
    .where('relay_id', '=', relay)
    .where('state', 'in', ['active', 'withdrawn'])
    .where('expires_at', '>', since)
    .where(inScope(scope, 'standing_order.site_id'))
    .orderBy('id')
    .execute();
  return rows.map(toStanding);
}

/** Orders that stand or wait at the relay and have not ended. */
export async function countStanding(tx: Tx, relay: RelayId, now: EpochMs): Promise<number> {
  const { count } = await tx
    .selectFrom('standing_order')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('relay_id', '=', relay)
    .where('state', 'in', ['active', 'waiting-for-signature'])
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertStanding(tx: Tx, standing: StoredStanding): Promise<void> {
  const { id, siteId, relayId, signed, signer, createdBy, createdAt, expiresAt, state, withdrawal } = standing;
  await tx
    .insertInto('standing_order')
    .values({
      ...{ id, site_id: siteId, relay_id: relayId, signed: JSON.stringify(signed), signer, state },
      ...{ created_by: createdBy, created_at: createdAt, expires_at: expiresAt },
      withdrawal: withdrawal === null ? null : JSON.stringify(withdrawal),
    })
    .execute();
}

export async function setStanding(
  tx: Tx,
  id: StandingId,
  change: Pick<StoredStanding, 'signed' | 'signer' | 'state' | 'withdrawal'>,
): Promise<void> {
  const { signed, signer, state, withdrawal } = change;
  await tx
    .updateTable('standing_order')
    .set({
      ...{ signed: JSON.stringify(signed), signer, state },
      withdrawal: withdrawal === null ? null : JSON.stringify(withdrawal),
    })
    .where('id', '=', id)
    .execute();
}
