// Relays in the database.
import { deviceInScope, EVERYTHING_SCOPE, inScope, type Scope, seesEverything } from '#console/access/scope.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import { RelayId, SiteId } from '#shared/base/id.ts';

export interface Relay {
  id: RelayId;
  siteId: SiteId;
  siteName: string;
  name: string;
  kind: 'site' | 'leaf';
  /** base64url SHA-256 of the SubjectPublicKeyInfo. */
  keyId: string;
  hostname: string;
  version: string;
  enrolledAt: number;
  certificateSerial: string;
  certificateExpiresAt: number;
  revokedAt: number | null;
  lastSeenAt: number | null;
  clockSkewMs: number | null;
  /** What it shall hold, and what it said it holds. */
  rosterVersion: number;
  heldRosterVersion: number;
  heldCharterVersion: number;
  /** Of its spool. */
  epoch: string | null;
  devices: number;
}

const relayQuery = (db: Db, scope: Scope = EVERYTHING_SCOPE) =>
  db
    .selectFrom('relay')
    .innerJoin('site', 'site.id', 'relay.site_id')
    .select([
      'relay.id',
      'relay.site_id',
      'site.name as site_name',
      'relay.name',
      'relay.kind',
      'relay.key_id',
      'relay.hostname',
      'relay.version',
      'relay.enrolled_at',
      'relay.certificate_serial',
      'relay.certificate_expires_at',
      'relay.revoked_at',
      'relay.last_seen_at',
      'relay.clock_skew_ms',
      'relay.roster_version',
      'relay.held_roster_version',
      'relay.held_charter_version',
      'relay.epoch',
    ])
    .select((eb) =>
      eb
        .selectFrom('device')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('device.relay_id', '=', 'relay.id')
        .$if(!seesEverything(scope), (query) => query.where(deviceInScope(scope, 'device.site_id', 'device.id')))
        .as('devices'),
    );

type RelayRow = Awaited<ReturnType<ReturnType<typeof relayQuery>['executeTakeFirstOrThrow']>>;

const toRelay = (row: RelayRow): Relay => ({
  id: RelayId.parse(row.id),
  siteId: SiteId.parse(row.site_id),
  siteName: row.site_name,
  name: row.name,
  kind: row.kind === 'leaf' ? 'leaf' : 'site',
  keyId: row.key_id,
  hostname: row.hostname,
  version: row.version,
  enrolledAt: row.enrolled_at,
  certificateSerial: row.certificate_serial,
  certificateExpiresAt: row.certificate_expires_at,
  revokedAt: row.revoked_at,
  lastSeenAt: row.last_seen_at,
  clockSkewMs: row.clock_skew_ms,
  rosterVersion: row.roster_version,
  heldRosterVersion: row.held_roster_version,
  heldCharterVersion: row.held_charter_version,
  epoch: row.epoch,
  devices: row.devices ?? 0,
});

export async function listRelays(db: Db, scope: Scope): Promise<Relay[]> {
  const rows = await relayQuery(db, scope)
    .where(inScope(scope, 'relay.site_id'))
    .orderBy('site.name')
    .orderBy('relay.name')
    .orderBy('relay.id')
    .execute();
  return rows.map(toRelay);
}

export async function relayIdsAt(db: Db, site: SiteId): Promise<RelayId[]> {
  const rows = await db.selectFrom('relay').select('id').where('site_id', '=', site).orderBy('id').execute();
  return rows.map((row) => RelayId.parse(row.id));
}

/** Of every site that has any. */
export async function relayIdsBySite(db: Db): Promise<Map<SiteId, RelayId[]>> {
  const rows = await db.selectFrom('relay').select(['id', 'site_id']).orderBy('id').execute();
  const bySite = new Map<SiteId, RelayId[]>();
  for (const row of rows) {
    // Ids as this room wrote them.
    const site = row.site_id as SiteId;
    bySite.set(site, [...(bySite.get(site) ?? []), row.id as RelayId]);
  }
  return bySite;
}

export async function findRelay(db: Db, scope: Scope, id: RelayId): Promise<Relay | undefined> {
  const row = await relayQuery(db, scope)
    .where(inScope(scope, 'relay.site_id'))
    .where('relay.id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toRelay(row);
}

/** Inside the console: who asked was let in before. */
export async function findRelayById(db: Db, id: RelayId): Promise<Relay | undefined> {
  const row = await relayQuery(db).where('relay.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toRelay(row);
}

/** Before anybody is known to ask: the relay itself, by the key its certificate proved. */
export async function findRelayByKey(db: Db, keyId: string): Promise<Relay | undefined> {
  const row = await relayQuery(db).where('relay.key_id', '=', keyId).executeTakeFirst();
  return row === undefined ? undefined : toRelay(row);
}

export interface NewRelay {
  id: RelayId;
  siteId: SiteId;
  kind: 'site' | 'leaf';
  name: string;
  keyId: string;
  hostname: string;
  version: string;
  certificateSerial: string;
  certificateExpiresAt: number;
}

/** False when a relay with that key is enrolled already. */
export async function insertRelay(tx: Tx, relay: NewRelay, enrolledAt: number): Promise<boolean> {
  const result = await tx
    .insertInto('relay')
    .values({
      id: relay.id,
      site_id: relay.siteId,
      kind: relay.kind,
      name: storedText(relay.name, 253),
      key_id: relay.keyId,
      hostname: storedText(relay.hostname, 253),
      version: storedText(relay.version, 64),
      enrolled_at: enrolledAt,
      certificate_serial: relay.certificateSerial,
      certificate_expires_at: relay.certificateExpiresAt,
      revoked_at: null,
      last_seen_at: null,
      clock_skew_ms: null,
      roster_version: 1,
      held_roster_version: 0,
      held_charter_version: 0,
      epoch: null,
    })
    .onConflict((conflict) => conflict.column('key_id').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** False when it is unknown or revoked. */
export async function setCertificate(tx: Tx, id: RelayId, serial: string, expiresAt: number): Promise<boolean> {
  const result = await tx
    .updateTable('relay')
    .set({ certificate_serial: serial, certificate_expires_at: expiresAt })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function setName(tx: Tx, id: RelayId, name: string): Promise<void> {
  await tx.updateTable('relay').set({ name }).where('id', '=', id).execute();
}

/** False when it is unknown or was revoked before. */
export async function setRevoked(tx: Tx, id: RelayId, at: number): Promise<boolean> {
  const result = await tx
    .updateTable('relay')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** What a link learned of its relay; absent members stay as they are. */
export interface RelaySeen {
  id: RelayId;
  at: number;
  clockSkewMs?: number | undefined;
  version?: string | undefined;
  hostname?: string | undefined;
  epoch?: string | undefined;
  rosterVersion?: number | undefined;
  charterVersion?: number | undefined;
}

export async function setSeen(tx: Tx, seen: RelaySeen): Promise<void> {
  const set = {
    last_seen_at: seen.at,
    ...(seen.clockSkewMs === undefined ? {} : { clock_skew_ms: Math.round(seen.clockSkewMs) }),
    ...(seen.version === undefined ? {} : { version: storedText(seen.version, 64) }),
    ...(seen.hostname === undefined ? {} : { hostname: storedText(seen.hostname, 253) }),
    ...(seen.epoch === undefined ? {} : { epoch: seen.epoch }),
    ...(seen.rosterVersion === undefined ? {} : { held_roster_version: seen.rosterVersion }),
    ...(seen.charterVersion === undefined ? {} : { held_charter_version: seen.charterVersion }),
  };
  await tx.updateTable('relay').set(set).where('id', '=', seen.id).execute();
}
