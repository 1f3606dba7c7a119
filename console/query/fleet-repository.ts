// What the fleet's index reads of the database: devices with their tags and groups, and the facts it knows them by.
import type { Db } from '#console/store/engine.ts';
import { READ_KINDS, type ReadKind } from './device-facts.ts';
import type { DeviceRecord } from './fleet-rows.ts';
import type { GroupRecord } from './group-plan.ts';
import type { Relay, Site } from './places.ts';

export const readSites = async (db: Db): Promise<Array<Pick<Site, 'id' | 'name' | 'customerId' | 'customerName'>>> => {
  const rows = await db
    .selectFrom('site')
    .innerJoin('customer', 'customer.id', 'site.customer_id')
    .select(['site.id', 'site.name', 'site.customer_id', 'customer.name as customer_name'])
    .execute();
  return rows.map(({ id, name, customer_id, customer_name }) => ({
    id,
    name,
    customerId: customer_id,
    customerName: customer_name,
  }));
};

export const readRelays = async (db: Db): Promise<Array<Pick<Relay, 'id' | 'name' | 'siteId'>>> => {
  const rows = await db.selectFrom('relay').select(['id', 'name', 'site_id']).execute();
  return rows.map(({ id, name, site_id }) => ({ id, name, siteId: site_id }));
};

/** By name. */
export const readGroups = async (db: Db): Promise<GroupRecord[]> => {
  const rows = await db
    .selectFrom('device_group')
    .select(['id', 'name', 'kind', 'rule', 'parent_id'])
    .orderBy('name')
    .execute();
  return rows.map(({ id, name, kind, rule, parent_id }) => ({
    id,
    name,
    kind: kind === 'hand' ? 'hand' : 'rule',
    rule,
    parentId: parent_id,
  }));
};

/** The next ids in their order. */
export const readIds = async (db: Db, after: string, limit: number): Promise<string[]> => {
  const rows = await db.selectFrom('device').select('id').where('id', '>', after).orderBy('id').limit(limit).execute();
  return rows.map(({ id }) => id);
};

/** Those of `ids` that exist; at most a thousand at once. */
export async function readDevices(db: Db, ids: readonly string[]): Promise<DeviceRecord[]> {
  const tags = await listsOf(
    db.selectFrom('device_tag').select(['device_id', 'tag as value']).where('device_id', 'in', ids).orderBy('tag'),
  );
  const groups = await listsOf(
    db.selectFrom('device_group_member').select(['device_id', 'group_id as value']).where('device_id', 'in', ids),
  );
  const rows = await deviceRows(db, ids);
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    relayId: row.relay_id,
    name: row.name,
    address: row.address,
    port: row.port,
    transport: row.transport,
    credential: row.credential,
    intervalMs: row.interval_ms,
    isSimulated: row.is_simulated === 1,
    status: row.status,
    statusReason: row.status_reason,
    statusDetail: row.status_detail,
    statusAt: row.status_at,
    system: row.system,
    hostname: row.hostname,
    identitySerial: row.serial ?? '',
    setType: row.type,
    createdAt: row.created_at,
    tags: tags.get(row.id) ?? [],
    handGroups: groups.get(row.id) ?? [],
  }));
}

const deviceRows = (db: Db, ids: readonly string[]) =>
  db
    .selectFrom('device')
    .select([
      'id',
      'site_id',
      'relay_id',
      'name',
      'address',
      'port',
      'transport',
      'credential',
      'interval_ms',
      'is_simulated',
      'status',
      'status_reason',
      'status_detail',
      'status_at',
      'system',
      'hostname',
      'type',
      'created_at',
    ])
    .select((eb) =>
      eb
        .selectFrom('device_identifier')
        .select('value')
        .whereRef('device_identifier.device_id', '=', 'device.id')
        .where('device_identifier.kind', '=', 'serial')
        .limit(1)
        .as('serial'),
    )
    .where('id', 'in', ids)
    .execute();

interface ListQuery {
  execute(): Promise<Array<{ device_id: string; value: string }>>;
}

async function listsOf(query: ListQuery): Promise<Map<string, string[]>> {
  const lists = new Map<string, string[]>();
  for (const { device_id, value } of await query.execute()) {
    const list = lists.get(device_id);
    if (list === undefined) lists.set(device_id, [value]);
    else list.push(value);
  }
  return lists;
}

export interface FactRow {
  device: string;
  kind: ReadKind;
  hash: string;
}

export const readFactRows = async (db: Db, ids: readonly string[]): Promise<FactRow[]> => {
  const rows = await db
    .selectFrom('fact')
    .select(['device_id', 'kind', 'hash'])
    .where('device_id', 'in', ids)
    .where('kind', 'in', READ_KINDS)
    .execute();
  return rows.map(({ device_id, kind, hash }) => ({
    device: device_id,
    kind: kind as ReadKind, // one of those asked for
    hash,
  }));
};

/** By hash. */
export const readBodies = async (db: Db, hashes: readonly string[]): Promise<Map<string, string>> => {
  const rows = await db.selectFrom('fact_body').select(['hash', 'body']).where('hash', 'in', hashes).execute();
  return new Map(rows.map(({ hash, body }) => [hash, body]));
};
