// Actions in the database: the signed manifest as it came, and how far the whole of it is.
import { sql } from 'kysely';
import { devicesInScope, type Scope } from '#console/access/scope.ts';
import type { Link } from '#console/sites/relays.ts';
import { type PageOf, type PageRequest, pageFrom, readCursor, TimeKey } from '#console/store/cursor.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import { ManifestId, RelayId, SiteId } from '#shared/base/id.ts';
import { type Manifest, SignedManifest } from '#shared/model/manifest.ts';
import type { FiringRecord } from '#shared/model/record.ts';
import { OPEN_STATES, UNHEARD_STATES } from './command-states.ts';

/** `waiting-for-signature` until enough people signed, `queued` until a relay took it, then `sent`, then `settled` when each device has a final state. */
export type ActionState = 'waiting-for-signature' | 'queued' | 'sent' | 'settled';

/** No relay has heard of them. */
export const KEPT_STATES = ['waiting-for-signature', 'queued'] as const satisfies readonly ActionState[];

export interface Action {
  id: ManifestId;
  siteId: SiteId;
  relayId: RelayId;
  name: string;
  /** Key ids of those who signed, with spaces between. */
  signer: string;
  reason: string;
  createdAt: number;
  expiresAt: number;
  state: ActionState;
  targets: number;
  cancelAskedAt: number | null;
  /** The action whose relay goes first. */
  waitsFor: ManifestId | null;
  haltPercent: number | null;
  /** What a relay ran of itself. */
  origin: string | null;
}

const COLUMNS = [
  'action.id',
  'action.site_id',
  'action.relay_id',
  'action.name',
  'action.signer',
  'action.reason',
  'action.created_at',
  'action.expires_at',
  'action.state',
  'action.targets',
  'action.cancel_asked_at',
  'action.waits_for',
  'action.halt_percent',
  'action.origin',
] as const;

const actionQuery = (db: Db) => db.selectFrom('action').select(COLUMNS);
type ActionRow = Awaited<ReturnType<ReturnType<typeof actionQuery>['executeTakeFirstOrThrow']>>;

const stateOf = (text: string): ActionState =>
  text === 'waiting-for-signature' || text === 'queued' || text === 'sent' ? text : 'settled';

const toAction = (row: ActionRow): Action => ({
  id: ManifestId.parse(row.id),
  siteId: SiteId.parse(row.site_id),
  relayId: RelayId.parse(row.relay_id),
  name: row.name,
  signer: row.signer,
  reason: row.reason,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  state: stateOf(row.state),
  targets: row.targets,
  cancelAskedAt: row.cancel_asked_at,
  waitsFor: row.waits_for === null ? null : ManifestId.parse(row.waits_for),
  haltPercent: row.halt_percent,
  origin: row.origin,
});

export type ActionsPage = PageRequest & { state?: ActionState | undefined; origin?: string | undefined };

/** An order is seen by whoever sees its site as a whole, or every device that it names. */
const seen = (scope: Scope) =>
  devicesInScope(scope, 'action.site_id', {
    table: 'action_outcome',
    device: 'action_outcome.device_id',
    link: ['action_outcome.action_id', 'action.id'],
  });

/** Newest first. */
export async function listActions(db: Db, scope: Scope, page: ActionsPage): Promise<PageOf<Action>> {
  const before = readCursor(page.cursor, TimeKey);
  let query = actionQuery(db)
    .where(seen(scope))
    .orderBy('action.created_at', 'desc')
    .orderBy('action.id', 'desc')
    .limit(page.limit + 1);
  if (page.state !== undefined) query = query.where('action.state', '=', page.state);
  if (page.origin !== undefined) query = query.where('action.origin', '=', page.origin);
  if (before !== undefined)
    query = query.where(
      sql<boolean>`(${sql.ref('action.created_at')}, ${sql.ref('action.id')}) < (${before[0]}, ${before[1]})`,
    );
  return pageFrom(await query.execute(), page.limit, toAction, (row) => [row.created_at, row.id]);
}

export async function findAction(db: Db, scope: Scope, id: ManifestId): Promise<Action | undefined> {
  const row = await actionQuery(db).where(seen(scope)).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toAction(row);
}

/** What the door of sessions asks of an order that opened one. */
export interface OrderedSession {
  relayId: RelayId;
  state: ActionState;
  /** Who handed it over, as the audit trail names them. */
  createdBy: string;
}

export async function findSession(db: Db, scope: Scope, id: ManifestId): Promise<OrderedSession | undefined> {
  const row = await db
    .selectFrom('action')
    .select(['action.relay_id', 'action.state', 'action.created_by'])
    .where(seen(scope))
    .where('action.id', '=', id)
    .where('action.name', '=', 'session.open')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { relayId: RelayId.parse(row.relay_id), state: stateOf(row.state), createdBy: row.created_by };
}

/** The text that was signed; the caller has found the action. */
export async function manifestTextOf(db: Db, id: ManifestId): Promise<string> {
  const row = await db.selectFrom('action').select('manifest').where('id', '=', id).executeTakeFirstOrThrow();
  return row.manifest;
}

/** Those of `ids` that this relay was given, locked; others are not its to speak of. */
export async function lockActionsOf(
  tx: Tx,
  relay: RelayId,
  ids: readonly ManifestId[],
): Promise<Map<ManifestId, Action>> {
  const rows = await actionQuery(tx)
    .where('id', 'in', [...new Set(ids)])
    .where('relay_id', '=', relay)
    .orderBy('id')
    .$call(lockRows(tx))
    .execute();
  return new Map(rows.map((row) => [ManifestId.parse(row.id), toAction(row)]));
}

export async function lockAction(tx: Tx, scope: Scope, id: ManifestId): Promise<Action | undefined> {
  const row = await actionQuery(tx).where(seen(scope)).where('id', '=', id).$call(lockRows(tx)).executeTakeFirst();
  return row === undefined ? undefined : toAction(row);
}

export interface NewAction {
  manifest: Manifest;
  signed: SignedManifest;
  signer: string;
  createdBy: string;
  createdAt: number;
  state: 'waiting-for-signature' | 'queued';
  /** The part of its batch that goes first, and the failures it may have. */
  follows?: { id: ManifestId; haltPercent: number } | undefined;
}

/** False when an action of that id exists already. */
export async function insertAction(tx: Tx, action: NewAction): Promise<boolean> {
  const { manifest, signed, signer, createdBy, createdAt, state, follows } = action;
  const result = await tx
    .insertInto('action')
    .values({
      id: manifest.id,
      site_id: manifest.site,
      relay_id: manifest.relay,
      name: manifest.action.name,
      manifest: signed.manifest,
      signed: JSON.stringify(signed),
      signer,
      reason: storedText(manifest.reason, 500),
      created_by: createdBy,
      created_at: createdAt,
      expires_at: manifest.exp,
      state,
      targets: manifest.targets.length,
      cancel_asked_at: null,
      waits_for: follows?.id ?? null,
      halt_percent: follows?.haltPercent ?? null,
      origin: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export interface DueQuery {
  now: number;
  limit: number;
  /** The last id of the page before. */
  after?: ManifestId | undefined;
}

/**
 * What no relay has answered for yet, oldest first: queued ones that are not expired, and sent ones always, because only
 * the relay can say what became of them.
 */
export async function lockDue(
  tx: Tx,
  relay: RelayId,
  { now, limit, after }: DueQuery,
): Promise<Array<{ id: ManifestId; signed: SignedManifest }>> {
  let query = tx
    .selectFrom('action')
    .select(['id', 'signed'])
    .where('relay_id', '=', relay)
    .where('state', 'in', ['queued', 'sent'])
    .where('waits_for', 'is', null)
    .where((eb) => eb.or([eb('expires_at', '>', now), eb('state', '=', 'sent')]))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('action_outcome')
          .select('action_outcome.device_id')
          .whereRef('action_outcome.action_id', '=', 'action.id')
          .where('action_outcome.state', 'in', UNHEARD_STATES),
      ),
    )
    .orderBy('id')
    .limit(limit);
  if (after !== undefined) query = query.where('id', '>', after);
  const rows = await query.$call(lockRows(tx)).execute();
  return rows.map((row) => ({ id: ManifestId.parse(row.id), signed: SignedManifest.parse(JSON.parse(row.signed)) }));
}

/** Those a person wants stopped and the relay has not settled. */
export async function listCancelAsked(db: Db, relay: RelayId): Promise<ManifestId[]> {
  const rows = await db
    .selectFrom('action')
    .select('id')
    .where('relay_id', '=', relay)
    .where('state', '=', 'sent')
    .where('cancel_asked_at', 'is not', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => ManifestId.parse(row.id));
}

export async function setSent(tx: Tx, ids: readonly ManifestId[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.updateTable('action').set({ state: 'sent' }).where('id', 'in', ids).where('state', '=', 'queued').execute();
}

export async function setCancelAsked(tx: Tx, id: ManifestId, at: number): Promise<void> {
  await tx.updateTable('action').set({ cancel_asked_at: at }).where('id', '=', id).execute();
}

/** Settles those of `ids` whose devices all have a final state; returns which. */
export async function settleFinished(tx: Tx, ids: readonly ManifestId[]): Promise<ManifestId[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .updateTable('action')
    .set({ state: 'settled' })
    .where('id', 'in', ids)
    .where('state', '!=', 'settled')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('action_outcome')
            .select('action_outcome.device_id')
            .whereRef('action_outcome.action_id', '=', 'action.id')
            .where('action_outcome.state', 'in', OPEN_STATES),
        ),
      ),
    )
    .returning('id')
    .execute();
  return rows.map((row) => ManifestId.parse(row.id)).toSorted((a, b) => (a < b ? -1 : 1));
}

/** Those that no relay took in time, signed by enough people or not. */
export async function lockExpired(tx: Tx, now: number, limit: number): Promise<Action[]> {
  const rows = await actionQuery(tx)
    .where('state', 'in', KEPT_STATES)
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .limit(limit)
    .$call(lockRows(tx))
    .execute();
  return rows.map(toAction);
}

/** What a relay that never comes back still owes. */
export async function lockOpenOf(tx: Tx, relay: RelayId): Promise<Action[]> {
  const rows = await actionQuery(tx)
    .where('relay_id', '=', relay)
    .where('state', 'in', [...KEPT_STATES, 'sent'])
    .orderBy('id')
    .$call(lockRows(tx))
    .execute();
  return rows.map(toAction);
}

/** At most so many orders wait at once as far as anybody looks; an older one expires within a day. */
const MAX_WAITING = 500;

export interface WaitingAction {
  id: ManifestId;
  signed: SignedManifest;
}

/** Newest first. */
export async function listWaiting(db: Db, scope: Scope): Promise<WaitingAction[]> {
  const rows = await db
    .selectFrom('action')
    .select(['action.id', 'action.signed'])
    .where(seen(scope))
    .where('action.state', '=', 'waiting-for-signature')
    .orderBy('action.expires_at', 'desc')
    .limit(MAX_WAITING)
    .execute();
  return rows.map((row) => ({ id: ManifestId.parse(row.id), signed: SignedManifest.parse(JSON.parse(row.signed)) }));
}

/** False when the order no longer waits with exactly the signatures of `before`: somebody else signed or cancelled it. */
export async function replaceSigned(
  tx: Tx,
  id: ManifestId,
  change: { before: SignedManifest; signed: SignedManifest; signer: string; state: ActionState },
): Promise<boolean> {
  const result = await tx
    .updateTable('action')
    .set({ signed: JSON.stringify(change.signed), signer: change.signer, state: change.state })
    .where('id', '=', id)
    .where('state', '=', 'waiting-for-signature')
    .where('signed', '=', JSON.stringify(change.before))
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** What a relay ran of itself: it has it already, so nothing of it is ever due. False when the id is known. */
export async function insertFiring(tx: Tx, link: Link, firing: FiringRecord, targets: number): Promise<boolean> {
  const { manifest, action, reason, expiresAt, at, source, of } = firing;
  const result = await tx
    .insertInto('action')
    .values({
      id: manifest,
      site_id: link.site,
      relay_id: link.relay,
      name: storedText(action, 64),
      ...{ manifest: '{}', signed: '{}', signer: '' },
      reason: storedText(reason, 500),
      created_by: `relay:${link.relay}`,
      created_at: at,
      expires_at: expiresAt,
      state: 'sent',
      targets,
      ...{ cancel_asked_at: null, waits_for: null, halt_percent: null },
      origin: `${source}:${of}`,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Those that wait until `id` went well, locked. */
export async function lockFollowers(tx: Tx, id: ManifestId): Promise<Action[]> {
  const rows = await actionQuery(tx)
    .where('waits_for', '=', id)
    .where('state', 'in', KEPT_STATES)
    .orderBy('id')
    .$call(lockRows(tx))
    .execute();
  return rows.map(toAction);
}

export async function setFree(tx: Tx, ids: readonly ManifestId[]): Promise<void> {
  await tx.updateTable('action').set({ waits_for: null }).where('id', 'in', ids).execute();
}
