// Fills a console's database with a synthetic estate: customers, sites, relays, devices, tags, a group by hand, and facts.
import { createHash } from 'node:crypto';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import { newId } from '#shared/base/id.ts';
import { seededBytes, seededRandom } from '#test/fixtures/seeded-random.ts';

/** Devices written in one transaction: their lists of packages are some megabytes. */
const DEVICES_AT_ONCE = 250;
const ROWS_AT_ONCE = 250;
/** Names that exist in all: a distribution has 60,000, a mixed fleet meets a part of them. */
const PACKAGE_NAMES = 20_000;
/** Every machine of a system has these. */
const COMMON_PACKAGES = 0.6;

const SYSTEMS = [
  'Debian GNU/Linux 12 (bookworm)',
  'Ubuntu 24.04.1 LTS',
  'AlmaLinux 9.4',
  'FreeBSD 14.1-RELEASE',
  'SUSE 15.6',
];
const ROLES = ['web', 'db', 'file', 'mail', 'app', 'dc', 'vm', 'desk', 'note', 'build'];
const SERVICES = ['ssh', 'cron', 'nginx', 'postgresql', 'smbd', 'mariadb', 'gdm', 'apache2', 'docker', 'ntp'];
const TAGS = ['production', 'test', 'sql', 'web', 'backup', 'pci', 'east', 'west', 'old', 'new', 'shop', 'office'];
const PEOPLE = ['carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy', 'mallory', 'niaj'];

export interface EstateSize {
  devices: number;
  packages: number;
}

type Pick = <T>(list: readonly T[]) => T;

/** Writes it straight into the tables, as the rooms leave them. Answers the ids of the devices. */
export async function fillEstate(store: Store, { devices, packages }: EstateSize): Promise<string[]> {
  const random = seededRandom(11);
  const bytes = seededBytes(11);
  const pick: Pick = (list) => list[Math.floor(random() * list.length)] as (typeof list)[number]; // never empty
  const id = () => newId(1_700_000_000_000, bytes);
  const sites = await store.transaction((tx) => fillSites(tx, Math.max(4, Math.ceil(devices / 500)), id));
  const ids: string[] = [];
  for (let from = 0; from < devices; from += DEVICES_AT_ONCE) {
    const some = Array.from({ length: Math.min(DEVICES_AT_ONCE, devices - from) }, (_, n) => ({
      id: id(),
      n: from + n,
    }));
    ids.push(...some.map((device) => device.id));
    await store.transaction(async (tx) => {
      await tx
        .insertInto('device')
        .values(some.map((one) => deviceRow(one, pick(sites), pick)))
        .execute();
      const tags = some.flatMap((one) =>
        [...new Set([pick(TAGS), pick(TAGS)])].map((tag) => ({ device_id: one.id, tag })),
      );
      await tx.insertInto('device_tag').values(tags).execute();
      await fillFacts(tx, some, { packages, pick, random });
    });
  }
  return ids;
}

async function fillSites(tx: Tx, count: number, id: () => string): Promise<Array<{ site: string; relay: string }>> {
  const customers = Array.from({ length: Math.ceil(count / 4) }, (_, n) => ({
    id: id(),
    name: `Customer ${n}`,
    created_at: 1,
  }));
  await tx.insertInto('customer').values(customers).execute();
  const sites = Array.from({ length: count }, (_, n) => ({ site: id(), relay: id(), n }));
  await tx
    .insertInto('site')
    .values(
      sites.map(({ site, n }) => ({
        id: site,
        customer_id: customers[n % customers.length]?.id ?? '',
        name: `Site ${n} ${n % 3 === 0 ? 'Berlin' : n % 3 === 1 ? 'Paris' : 'Oslo'}`,
        time_zone: 'UTC',
        is_simulated: 0 as const,
        created_at: 1,
      })),
    )
    .execute();
  await tx
    .insertInto('relay')
    .values(
      sites.map(({ site, relay, n }) => ({
        id: relay,
        site_id: site,
        name: `relay-${n}`,
        kind: 'site',
        key_id: `key-${n}`,
        hostname: `relay-${n}`,
        version: '0',
        enrolled_at: 1,
        certificate_serial: `serial-${n}`,
        certificate_expires_at: 2,
        roster_version: 0,
        held_roster_version: 0,
        held_charter_version: 0,
      })),
    )
    .execute();
  return sites;
}

interface One {
  id: string;
  n: number;
}

function deviceRow({ id, n }: One, { site, relay }: { site: string; relay: string }, pick: Pick) {
  const role = pick(ROLES);
  return {
    id,
    site_id: site,
    relay_id: relay,
    name: `${role}-${String(n).padStart(5, '0')}`,
    transport: 'ssh',
    address: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
    interval_ms: 60_000,
    is_simulated: 0 as const,
    status: n % 20 === 0 ? 'down' : 'up',
    status_reason: n % 20 === 0 ? 'timed-out' : null,
    status_at: 1_700_000_000_000 + n,
    system: 'linux',
    hostname: `${role}-${n}.example.org`,
    created_at: 1_700_000_000_000 + n * 1_000,
  };
}

interface FactParts {
  packages: number;
  pick: Pick;
  random: () => number;
}

async function fillFacts(tx: Tx, devices: readonly One[], parts: FactParts): Promise<void> {
  const facts = devices.flatMap((one) =>
    Object.entries(factsOf(one, parts)).map(([kind, value]) => {
      const body = JSON.stringify(value);
      return { device_id: one.id, kind, body, hash: createHash('sha256').update(body).digest('hex') };
    }),
  );
  for (let from = 0; from < facts.length; from += ROWS_AT_ONCE) {
    const some = facts.slice(from, from + ROWS_AT_ONCE);
    await tx
      .insertInto('fact_body')
      .values([...new Map(some.map(({ hash, body }) => [hash, { hash, body }])).values()])
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
    const seen = { first_seen_at: 1, seen_at: 1, relay_id: 'r' };
    await tx
      .insertInto('fact')
      .values(some.map(({ device_id, kind, hash }) => ({ device_id, kind, hash, ...seen })))
      .execute();
  }
}

function factsOf({ n }: One, { packages, pick, random }: FactParts) {
  const common = Math.floor(packages * COMMON_PACKAGES);
  const names = Array.from({ length: packages }, (_, i) => (i < common ? i : Math.floor(random() * PACKAGE_NAMES)));
  return {
    os: { family: 'linux', prettyName: SYSTEMS[n % SYSTEMS.length] },
    hardware: {
      serial: `SN${String(n * 7_919).padStart(9, '0')}`,
      chassisType: pick([3, 10, 23, 23, 1]),
      vendor: 'Dell Inc.',
      product: 'X',
    },
    network: {
      interfaces: [
        { addresses: [`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}/16`, `192.168.${n % 250}.${n % 199}/24`] },
      ],
    },
    users: {
      users: [
        { name: 'root', uid: 0 },
        { name: `${pick(PEOPLE)}${n % 400}`, uid: 1_000 },
      ],
    },
    services: {
      services: [pick(SERVICES), pick(SERVICES), 'ssh'].map((name) => ({ name, active: 'active', state: 'running' })),
    },
    packages: {
      manager: 'dpkg',
      packages: [...new Set(names)].map((i) => ({
        name: packageName(i),
        version: `1.${i % 90}.${n % 9}-1`,
        arch: 'amd64',
      })),
    },
  };
}

/** As distributions name them; a few that people look for. */
function packageName(i: number): string {
  const known = ['bash', 'nginx', 'openssl', 'python3', 'postgresql', 'curl', 'libc6', 'systemd'][i];
  return known ?? `${['lib', 'python3-', 'perl-', ''][i % 4]}${(i * 48_271).toString(36)}${i % 3 === 0 ? '-dev' : ''}`;
}
