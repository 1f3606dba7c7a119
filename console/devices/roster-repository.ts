// Rosters: the lines of a relay as the wire says them, and the version that rises with each change.
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { DeviceId, type RelayId, SiteId } from '#shared/base/id.ts';
import { type Roster, RosterEntry, TransportKind } from '#shared/model/device.ts';
import { SiteDefaults } from '#shared/model/site.ts';

/** The version is read first: a change in between comes again under the next version, never hides under this one. */
export async function readRoster(db: Db, relay: RelayId): Promise<Roster | undefined> {
  const versions = await db.selectFrom('relay').select('roster_version').where('id', '=', relay).executeTakeFirst();
  if (versions === undefined) return undefined;
  const rows = await db
    .selectFrom('device')
    .select(['id', 'name', 'transport', 'address', 'port', 'credential', 'interval_ms', 'is_simulated'])
    .select(['spn', 'realm', 'share'])
    .where('relay_id', '=', relay)
    .orderBy('id')
    .execute();
  const devices = rows.map((row) => ({
    device: DeviceId.parse(row.id),
    name: row.name,
    transport: TransportKind.parse(row.transport),
    address: row.address,
    intervalMs: row.interval_ms,
    ...(row.port === null ? {} : { port: row.port }),
    ...(row.credential === null ? {} : { credential: row.credential }),
    ...(row.spn === null ? {} : { spn: row.spn }),
    ...(row.realm === null ? {} : { realm: row.realm }),
    ...(row.share === null ? {} : { share: row.share }),
    ...(row.is_simulated === 1 ? { simulated: true } : {}),
  }));
  return { version: versions.roster_version, devices: devices.map((device) => RosterEntry.parse(device)) };
}

export async function raiseRosterVersion(tx: Tx, relay: RelayId): Promise<void> {
  await tx
    .updateTable('relay')
    .set((eb) => ({ roster_version: eb('roster_version', '+', 1) }))
    .where('id', '=', relay)
    .execute();
}

/**
 * Gives the devices of one relay to another and answers which. What is reached by the local transport is the machine that the
 * former relay ran on, and stays its own. Their state is unknown until the other relay says more.
 */
export async function moveRoster(tx: Tx, from: RelayId, to: RelayId): Promise<DeviceId[]> {
  const remote = tx.selectFrom('device').select('id').where('relay_id', '=', from).where('transport', '!=', 'local');
  // In one order, so that two transactions never wait for each other.
  const devices = await remote.orderBy('id').$call(lockRows(tx)).execute();
  await tx
    .updateTable('device')
    .set({ relay_id: to, status: 'unknown', status_reason: null, status_detail: null })
    .where('relay_id', '=', from)
    .where('transport', '!=', 'local')
    .execute();
  return devices.map(({ id }) => DeviceId.parse(id));
}

export interface RosterOwner {
  siteId: SiteId;
  kind: 'site' | 'leaf';
  isRevoked: boolean;
  isSimulated: boolean;
  devices: number;
  /** What new devices of its site begin with. */
  defaults: SiteDefaults;
}

/** What must be known of a relay before its roster grows; nobody else makes it grow until the transaction ends. */
export async function findRosterOwner(tx: Tx, relay: RelayId): Promise<RosterOwner | undefined> {
  // A statement of its own: PostgreSQL would count with the eyes of before the wait.
  await tx.selectFrom('relay').select('id').where('id', '=', relay).$call(lockRows(tx)).execute();
  const row = await tx
    .selectFrom('relay')
    .innerJoin('site', 'site.id', 'relay.site_id')
    .select(['relay.site_id', 'relay.kind', 'relay.revoked_at', 'site.is_simulated', 'site.defaults'])
    .select((eb) =>
      eb
        .selectFrom('device')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('device.relay_id', '=', 'relay.id')
        .as('devices'),
    )
    .where('relay.id', '=', relay)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    siteId: SiteId.parse(row.site_id),
    kind: row.kind === 'leaf' ? 'leaf' : 'site',
    isRevoked: row.revoked_at !== null,
    isSimulated: row.is_simulated === 1,
    devices: row.devices ?? 0,
    defaults: SiteDefaults.parse(JSON.parse(row.defaults)),
  };
}
