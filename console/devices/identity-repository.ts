// Identities in the database: what is pinned, what was seen, and one row per identifier to find a machine by.
import { sql } from 'kysely';
import type { Db, Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import { DeviceId, RelayId, type SiteId } from '#shared/base/id.ts';
import { TransportKind } from '#shared/model/device.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { parseIdentity } from './device-repository.ts';

/** A device as the rules of identity see it. */
export interface KnownMachine {
  id: DeviceId;
  name: string;
  relayId: RelayId | null;
  /** Of the relay that polls it; null when none does, or a revoked one. */
  relayKind: 'site' | 'leaf' | null;
  transport: TransportKind;
  address: string;
  port: number | null;
  credential: string | null;
  intervalMs: number;
  spn: string | null;
  realm: string | null;
  share: string | null;
  status: string;
  statusReason: string | null;
  identity: DeviceIdentity | null;
  seenIdentity: DeviceIdentity | null;
}

const machineQuery = (db: Db) =>
  db
    .selectFrom('device')
    .leftJoin('relay', 'relay.id', 'device.relay_id')
    .select([
      'device.id',
      'device.site_id',
      'device.name',
      'device.relay_id',
      'relay.kind as relay_kind',
      'relay.revoked_at as relay_revoked_at',
      'device.transport',
      'device.address',
      'device.port',
      'device.credential',
      'device.interval_ms',
      'device.spn',
      'device.realm',
      'device.share',
      'device.status',
      'device.status_reason',
      'device.identity',
      'device.seen_identity',
    ]);

type MachineRow = Awaited<ReturnType<ReturnType<typeof machineQuery>['executeTakeFirstOrThrow']>>;

function livingKind(row: MachineRow): 'site' | 'leaf' | null {
  if (row.relay_kind === null || row.relay_revoked_at !== null) return null;
  return row.relay_kind === 'leaf' ? 'leaf' : 'site';
}

const toMachine = (row: MachineRow): KnownMachine => ({
  id: DeviceId.parse(row.id),
  name: row.name,
  relayId: row.relay_id === null ? null : RelayId.parse(row.relay_id),
  relayKind: livingKind(row),
  transport: TransportKind.parse(row.transport),
  address: row.address,
  port: row.port,
  credential: row.credential,
  intervalMs: row.interval_ms,
  spn: row.spn,
  realm: row.realm,
  share: row.share,
  status: row.status,
  statusReason: row.status_reason,
  identity: parseIdentity(row.identity),
  seenIdentity: parseIdentity(row.seen_identity),
});

// One batch names at most this many at once; the statement's text stays the same for most batches.
const IDS_PER_QUERY = 500;

/**
 * Those of `ids` that `relay` polls. Others (removed since, taken over by a leaf, never its own) are absent: what a relay
 * says of a device that is not its own is passed over.
 */
export async function machinesOf(
  tx: Tx,
  relay: RelayId,
  ids: readonly DeviceId[],
): Promise<Map<DeviceId, KnownMachine>> {
  const distinct = [...new Set(ids)].sort();
  const found = new Map<DeviceId, KnownMachine>();
  for (let from = 0; from < distinct.length; from += IDS_PER_QUERY) {
    const rows = await machineQuery(tx)
      .where('device.id', 'in', distinct.slice(from, from + IDS_PER_QUERY))
      .where('device.relay_id', '=', relay)
      .orderBy('device.id')
      .execute();
    for (const row of rows) found.set(DeviceId.parse(row.id), toMachine(row));
  }
  return found;
}

interface Identifier {
  kind: string;
  value: string;
}

export function identifiersOf(identity: DeviceIdentity): Identifier[] {
  const { smbiosUuid, serial, machineId, hostKey, macs } = identity;
  const single = Object.entries({ smbiosUuid, serial, machineId, hostKey });
  return [
    ...single.flatMap(([kind, value]) => (value === undefined ? [] : [{ kind, value: storedText(value, 128) }])),
    ...macs.map((value) => ({ kind: 'mac', value })),
  ];
}

// Rows of all sites looked through. A site's own are among them, but where a thousand machines share an identifier: then it
// says nothing, and nobody is merged by it.
const MAX_ROWS = 1_000;

/** Devices of the site that share an identifier with `identity`, but `except`. */
export async function machinesSharing(
  tx: Tx,
  site: SiteId,
  identity: DeviceIdentity,
  except: DeviceId | undefined,
): Promise<KnownMachine[]> {
  const identifiers = identifiersOf(identity);
  if (identifiers.length === 0) return [];
  const sharing = tx
    .selectFrom('device_identifier')
    .select('device_id')
    .where((eb) =>
      eb.or(identifiers.map(({ kind, value }) => eb.and([eb('kind', '=', kind), eb('value', '=', value)]))),
    )
    .limit(MAX_ROWS);
  const rows = await machineQuery(tx).where('device.id', 'in', sharing).orderBy('device.id').execute();
  // Not in SQL: given the site, SQLite looks at each of its devices instead of the few that share an identifier.
  return rows.filter((row) => row.site_id === site && row.id !== except).map(toMachine);
}

export interface SeenMachine {
  identity: DeviceIdentity;
  system: string;
  hostname: string | null;
}

/** What its relay pinned; identifiers follow. An unknown system is no news. `isFirst`: the device has none yet. */
export async function setIdentity(tx: Tx, id: DeviceId, seen: SeenMachine, isFirst = false): Promise<void> {
  const { identity, system, hostname } = seen;
  const set = { identity: JSON.stringify(identity), seen_identity: null, ...(system === 'unknown' ? {} : { system }) };
  const name = hostname === null ? {} : { hostname: storedText(hostname, 253) };
  await tx
    .updateTable('device')
    .set({ ...set, ...name })
    .where('id', '=', id)
    .execute();
  if (!isFirst) await tx.deleteFrom('device_identifier').where('device_id', '=', id).execute();
  const rows = identifiersOf(identity).map((identifier) => ({ device_id: id, ...identifier }));
  if (rows.length > 0) await tx.insertInto('device_identifier').values(rows).execute();
}

/** What a machine calls itself now, if `relay` polls it. */
export async function setHostname(tx: Tx, relay: RelayId, id: DeviceId, hostname: string): Promise<void> {
  await tx
    .updateTable('device')
    .set({ hostname: storedText(hostname, 253) })
    .where('id', '=', id)
    .where('relay_id', '=', relay)
    .execute();
}

/** What another machine showed; the pinned identity stays. */
export async function setSeenIdentity(tx: Tx, id: DeviceId, identity: DeviceIdentity): Promise<void> {
  await tx
    .updateTable('device')
    .set({ seen_identity: JSON.stringify(identity) })
    .where('id', '=', id)
    .execute();
}

export interface NewState {
  id: DeviceId;
  status: string;
  reason: string | null;
  detail: string | null;
  at: number;
}

// 5 values a row; SQLite binds 32,766 at most.
const STATES_PER_UPDATE = 500;

/** One statement for many: a site that goes dark is 500 states in one batch. */
export async function setStates(tx: Tx, states: readonly NewState[]): Promise<void> {
  for (let from = 0; from < states.length; from += STATES_PER_UPDATE) {
    const rows = states.slice(from, from + STATES_PER_UPDATE).map(({ id, status, reason, detail, at }) => {
      const text = detail === null ? null : storedText(detail);
      // PostgreSQL takes an untyped value for text; on SQLite the cast changes nothing.
      return sql`(${id}, ${status}, ${reason}, ${text}, cast(${at} as bigint))`;
    });
    await sql`
      with news (id, status, reason, detail, at) as (values ${sql.join(rows)})
      update device set status = news.status, status_reason = news.reason, status_detail = news.detail, status_at = news.at
      from news where device.id = news.id`.execute(tx);
  }
}

/** How a relay is told to reach a machine. */
export type MachineWay = Pick<
  KnownMachine,
  'transport' | 'address' | 'port' | 'credential' | 'intervalMs' | 'spn' | 'realm' | 'share'
>;

/** Gives the device to `relay`, which reaches it as told; its state is unknown until that relay says more. */
export async function setPoller(tx: Tx, id: DeviceId, to: MachineWay & { relay: RelayId }): Promise<void> {
  await tx
    .updateTable('device')
    .set({
      relay_id: to.relay,
      transport: to.transport,
      address: to.address,
      port: to.port,
      credential: to.credential,
      interval_ms: to.intervalMs,
      spn: to.spn,
      realm: to.realm,
      share: to.share,
      status: 'unknown',
      status_reason: null,
      status_detail: null,
    })
    .where('id', '=', id)
    .execute();
}
