// Facts in the database: bodies by their hash, one current row per device and kind, a history row per change.
import { deviceInScope, type Scope } from '#console/access/scope.ts';
import { olderThan, type TimeBound } from '#console/store/cursor.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';

export interface DeviceFact {
  kind: string;
  hash: string;
  /** When this content was first and last seen, by the relay's clock. */
  firstSeenAt: number;
  seenAt: number;
  /** What a device said: data, never markup. */
  body: unknown;
}

export async function listFacts(db: Db, scope: Scope, device: DeviceId): Promise<DeviceFact[]> {
  const rows = await db
    .selectFrom('fact')
    .innerJoin('device', 'device.id', 'fact.device_id')
    .innerJoin('fact_body', 'fact_body.hash', 'fact.hash')
    .select(['fact.kind', 'fact.hash', 'fact.first_seen_at', 'fact.seen_at', 'fact_body.body'])
    .where('fact.device_id', '=', device)
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .orderBy('fact.kind')
    .execute();
  return rows.map((row) => ({
    kind: row.kind,
    hash: row.hash,
    firstSeenAt: row.first_seen_at,
    seenAt: row.seen_at,
    body: JSON.parse(row.body),
  }));
}

export interface FactVersion {
  at: number;
  hash: string;
  body: unknown;
}

/** Newest first. */
export async function listFactHistory(
  db: Db,
  scope: Scope,
  fact: { device: DeviceId; kind: string },
  limit: number,
): Promise<FactVersion[]> {
  const rows = await db
    .selectFrom('fact_history')
    .innerJoin('device', 'device.id', 'fact_history.device_id')
    .innerJoin('fact_body', 'fact_body.hash', 'fact_history.hash')
    .select(['fact_history.at', 'fact_history.hash', 'fact_body.body'])
    .where('fact_history.device_id', '=', fact.device)
    .where('fact_history.kind', '=', fact.kind)
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .orderBy('fact_history.at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ at: row.at, hash: row.hash, body: JSON.parse(row.body) }));
}

/** One change of one kind: the content since then, and the one before it. */
export interface FactChange {
  at: number;
  kind: string;
  hash: string;
  /** Null at the first reading. */
  formerHash: string | null;
}

/** Newest first; bodies are read for those that are shown. */
export async function factChangesBefore(
  db: Db,
  device: DeviceId,
  bound: TimeBound | undefined,
  limit: number,
): Promise<FactChange[]> {
  let query = db
    .selectFrom('fact_history')
    .select(['fact_history.at', 'fact_history.kind', 'fact_history.hash'])
    .select((eb) =>
      eb
        .selectFrom('fact_history as former')
        .select('former.hash')
        .whereRef('former.device_id', '=', 'fact_history.device_id')
        .whereRef('former.kind', '=', 'fact_history.kind')
        .whereRef('former.at', '<', 'fact_history.at')
        .orderBy('former.at', 'desc')
        .limit(1)
        .as('former_hash'),
    )
    .where('fact_history.device_id', '=', device)
    .orderBy('fact_history.at', 'desc')
    .orderBy('fact_history.kind', 'desc')
    .limit(limit);
  if (bound !== undefined) query = query.where(olderThan(bound, 'fact_history.at', 'fact_history.kind'));
  const rows = await query.execute();
  return rows.map((row) => ({ at: row.at, kind: row.kind, hash: row.hash, formerHash: row.former_hash }));
}

/** The texts of bodies, by hash. */
export async function findBodies(db: Db, hashes: readonly string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map();
  const rows = await db.selectFrom('fact_body').select(['hash', 'body']).where('hash', 'in', hashes).execute();
  return new Map(rows.map((row) => [row.hash, row.body]));
}

export interface CurrentFact {
  device: DeviceId;
  kind: string;
  hash: string;
  firstSeenAt: number;
  seenAt: number;
}

export const factKey = (fact: { device: string; kind: string }): string => `${fact.device} ${fact.kind}`;

/** The current facts of these devices, by `factKey`. */
export async function currentFacts(
  tx: Tx,
  devices: readonly DeviceId[],
): Promise<Map<string, { hash: string; firstSeenAt: number }>> {
  const found = new Map<string, { hash: string; firstSeenAt: number }>();
  for (let from = 0; from < devices.length; from += ROWS_PER_STATEMENT) {
    const rows = await tx
      .selectFrom('fact')
      .select(['device_id', 'kind', 'hash', 'first_seen_at'])
      .where('device_id', 'in', devices.slice(from, from + ROWS_PER_STATEMENT))
      .execute();
    for (const row of rows)
      found.set(factKey({ device: row.device_id, kind: row.kind }), { hash: row.hash, firstSeenAt: row.first_seen_at });
  }
  return found;
}

// 6 columns a row; SQLite binds 32,766 values at most.
const ROWS_PER_STATEMENT = 500;

/** A body that is there already is the same body: its hash is its name. */
export async function insertBodies(tx: Tx, bodies: ReadonlyMap<string, string>): Promise<void> {
  // In one order, so that two transactions never wait for each other.
  const rows = [...bodies].sort(([a], [b]) => (a < b ? -1 : 1)).map(([hash, body]) => ({ hash, body }));
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT)
    await tx
      .insertInto('fact_body')
      .values(rows.slice(from, from + ROWS_PER_STATEMENT))
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
}

export async function upsertFacts(tx: Tx, relay: RelayId, facts: readonly CurrentFact[]): Promise<void> {
  const rows = facts.map((fact) => ({
    device_id: fact.device,
    kind: fact.kind,
    hash: fact.hash,
    first_seen_at: fact.firstSeenAt,
    seen_at: fact.seenAt,
    relay_id: relay,
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT)
    await tx
      .insertInto('fact')
      .values(rows.slice(from, from + ROWS_PER_STATEMENT))
      .onConflict((conflict) =>
        conflict.columns(['device_id', 'kind']).doUpdateSet((eb) => ({
          hash: eb.ref('excluded.hash'),
          first_seen_at: eb.ref('excluded.first_seen_at'),
          seen_at: eb.ref('excluded.seen_at'),
          relay_id: eb.ref('excluded.relay_id'),
        })),
      )
      .execute();
}

export async function insertHistory(
  tx: Tx,
  changes: ReadonlyArray<{ device: DeviceId; kind: string; at: number; hash: string }>,
): Promise<void> {
  const rows = changes.map(({ device, kind, at, hash }) => ({ device_id: device, kind, at, hash }));
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT)
    await tx
      .insertInto('fact_history')
      .values(rows.slice(from, from + ROWS_PER_STATEMENT))
      .onConflict((conflict) => conflict.columns(['device_id', 'kind', 'at']).doNothing())
      .execute();
}
