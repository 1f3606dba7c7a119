// Reads the estate as imports and exports see it, in pages, so that nobody else waits long.
import { z } from 'zod';
import { customerInScope, deviceInScope, inScope, type Scope } from '#console/access/scope.ts';
import type { Db } from '#console/store/engine.ts';
import { CustomerId, DeviceId, GroupId, RelayId, SiteId } from '#shared/base/id.ts';
import { DeviceLink, DeviceType, TransportKind } from '#shared/model/device.ts';
import { SiteContact, SiteDefaults } from '#shared/model/site.ts';
import type { Estate, EstateDevice, EstateGroup, EstateRelay, EstateSite } from './estate.ts';
import type { Pace } from './pace.ts';

export async function readEstate(db: Db, scope: Scope, pace: Pace): Promise<Estate> {
  const sites = await readSites(db, scope);
  await pace.breathe();
  const [customers, relays, groups] = [
    await readCustomers(db, scope),
    await readRelays(db, scope),
    await readGroups(db),
  ];
  await pace.breathe();
  return { customers, sites, relays, groups, devices: await readDevices(db, scope, pace) };
}

async function readCustomers(db: Db, scope: Scope): Promise<Map<string, CustomerId>> {
  const seen = db.selectFrom('customer').select(['id', 'name']).where(customerInScope(scope, 'customer.id'));
  const rows = await seen.orderBy('name').execute();
  return new Map(rows.map((row) => [row.name, CustomerId.parse(row.id)]));
}

const siteQuery = (db: Db) =>
  db
    .selectFrom('site')
    .innerJoin('customer', 'customer.id', 'site.customer_id')
    .select([
      'site.id',
      'site.name',
      'site.customer_id',
      'customer.name as customer',
      'site.address',
      'site.time_zone',
      'site.contact_name',
      'site.contact_email',
      'site.contact_phone',
      'site.notes',
      'site.defaults',
      'site.is_simulated',
    ]);

const readSites = async (db: Db, scope: Scope): Promise<EstateSite[]> =>
  (await siteQuery(db).where(inScope(scope, 'site.id')).execute()).map(toSite);

/** Those that are still there; what an import changed is looked at by its own journal, whoever may see it. */
export const readSitesById = async (db: Db, ids: readonly string[]): Promise<EstateSite[]> =>
  (await siteQuery(db).where('site.id', 'in', ids).execute()).map(toSite);

function toSite(row: Awaited<ReturnType<ReturnType<typeof siteQuery>['execute']>>[number]): EstateSite {
  return {
    id: SiteId.parse(row.id),
    name: row.name,
    customerId: CustomerId.parse(row.customer_id),
    customer: row.customer,
    address: row.address,
    timeZone: row.time_zone,
    contact: SiteContact.parse({ name: row.contact_name, email: row.contact_email, phone: row.contact_phone }),
    notes: row.notes,
    defaults: SiteDefaults.parse(JSON.parse(row.defaults)),
    isSimulated: row.is_simulated === 1,
  };
}

async function readRelays(db: Db, scope: Scope): Promise<EstateRelay[]> {
  const rows = await db
    .selectFrom('relay')
    .select(['id', 'site_id', 'name', 'kind', 'revoked_at'])
    .select((eb) =>
      eb
        .selectFrom('device')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('device.relay_id', '=', 'relay.id')
        .as('devices'),
    )
    .where(inScope(scope, 'relay.site_id'))
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: RelayId.parse(row.id),
    siteId: SiteId.parse(row.site_id),
    name: row.name,
    kind: row.kind === 'leaf' ? ('leaf' as const) : ('site' as const),
    isRevoked: row.revoked_at !== null,
    devices: row.devices ?? 0,
  }));
}

async function readGroups(db: Db): Promise<EstateGroup[]> {
  const rows = await db.selectFrom('device_group').select(['id', 'name', 'kind']).execute();
  return rows.map((row) => ({
    id: GroupId.parse(row.id),
    name: row.name,
    kind: row.kind === 'hand' ? ('hand' as const) : ('rule' as const),
  }));
}

/** Some milliseconds with all that belongs to them. */
const DEVICES_AT_ONCE = 500;
const Links = z.array(DeviceLink);

async function readDevices(db: Db, scope: Scope, pace: Pace): Promise<EstateDevice[]> {
  const all: EstateDevice[] = [];
  for (let after = ''; ; ) {
    const page = await readPage(db, scope, after);
    all.push(...page);
    await pace.breathe();
    const last = page.at(-1);
    if (last === undefined || page.length < DEVICES_AT_ONCE) return all;
    after = last.id;
  }
}

const COLUMNS = [
  'id',
  'site_id',
  'relay_id',
  'name',
  'transport',
  'address',
  'port',
  'credential',
  'interval_ms',
  'spn',
  'realm',
  'share',
  'type',
  'notes',
  'links',
] as const;

async function readPage(db: Db, scope: Scope, after: string): Promise<EstateDevice[]> {
  const query = db
    .selectFrom('device')
    .select(COLUMNS)
    .where('id', '>', after)
    .where(deviceInScope(scope, 'site_id', 'id'));
  return withWords(db, await query.orderBy('id').limit(DEVICES_AT_ONCE).execute());
}

/** At most some hundred, those that exist. */
export async function readDevicesById(db: Db, ids: readonly string[]): Promise<EstateDevice[]> {
  return withWords(db, await db.selectFrom('device').select(COLUMNS).where('id', 'in', ids).execute());
}

interface DeviceRow {
  id: string;
  site_id: string;
  relay_id: string | null;
  name: string;
  transport: string;
  address: string;
  port: number | null;
  credential: string | null;
  interval_ms: number;
  spn: string | null;
  realm: string | null;
  share: string | null;
  type: string | null;
  notes: string;
  links: string;
}

async function withWords(db: Db, rows: readonly DeviceRow[]): Promise<EstateDevice[]> {
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return [];
  const [tags, members] = [await tagRows(db, ids), await memberRows(db, ids)];
  return rows.map((row) => ({
    id: DeviceId.parse(row.id),
    siteId: SiteId.parse(row.site_id),
    relayId: row.relay_id === null ? null : RelayId.parse(row.relay_id),
    name: row.name,
    transport: TransportKind.parse(row.transport),
    address: row.address,
    port: row.port,
    credential: row.credential,
    intervalMs: row.interval_ms,
    spn: row.spn,
    realm: row.realm,
    share: row.share,
    type: row.type === null ? null : DeviceType.parse(row.type),
    tags: tags.get(row.id) ?? [],
    groups: (members.get(row.id) ?? []).map((id) => GroupId.parse(id)),
    notes: row.notes,
    links: row.links === '[]' ? [] : Links.parse(JSON.parse(row.links)),
  }));
}

function gathered(rows: ReadonlyArray<{ device_id: string; word: string }>): Map<string, string[]> {
  const words = new Map<string, string[]>();
  for (const { device_id, word } of rows) {
    const list = words.get(device_id);
    if (list === undefined) words.set(device_id, [word]);
    else list.push(word);
  }
  return words;
}

async function tagRows(db: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  const query = db.selectFrom('device_tag').select(['device_id', 'tag as word']).where('device_id', 'in', ids);
  return gathered(await query.orderBy('tag').execute());
}

async function memberRows(db: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  const query = db
    .selectFrom('device_group_member')
    .select(['device_id', 'group_id as word'])
    .where('device_id', 'in', ids);
  return gathered(await query.orderBy('group_id').execute());
}
