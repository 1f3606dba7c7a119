// Fills a console's database with a thousand devices that each call themselves something hostile, and one that has all of it in its inventory.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { openStore, type Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import { HOSTILE_CORPUS } from '#test/fixtures/hostile-corpus.ts';

const uuid = (kind: string, n: number) => `01890000-0000-7000-${kind}-${n.toString(16).padStart(12, '0')}`;
const CUSTOMER = uuid('b000', 1);
const SITE = uuid('9000', 1);
const RELAY = uuid('a000', 1);
export const hostileDevice = (n: number): string => uuid('8000', n);

/** What PostgreSQL and SQLite hold of a device's text, as the rooms store it. */
const stored = (text: string) => storedText(text, 2_000);

/** Which text stands where; without another word each device is one text of the corpus everywhere. */
export type HostileText = (
  place: 'name' | 'address' | 'detail' | 'hostname' | 'event' | 'fact' | 'list',
  n: number,
) => string;
const ofCorpus: HostileText = (_place, n) => HOSTILE_CORPUS[n % HOSTILE_CORPUS.length] ?? '';
/** Of the device that has all of it in its inventory. */
const LISTS = { packages: [0, 1_000], services: [0, 300], disks: [300, 60], ports: [360, 60] } as const;

async function fillPlace(tx: Tx): Promise<void> {
  await tx.insertInto('customer').values({ id: CUSTOMER, name: 'Hostile', created_at: 1 }).execute();
  const site = { id: SITE, customer_id: CUSTOMER, name: 'Hostile site', time_zone: 'UTC', is_simulated: 1 as const };
  await tx
    .insertInto('site')
    .values({ ...site, created_at: 1 })
    .execute();
  const versions = { roster_version: 0, held_roster_version: 0, held_charter_version: 0 };
  const certificate = { certificate_serial: 'hostile', certificate_expires_at: 4_000_000_000_000 };
  const named = {
    name: 'hostile',
    kind: 'site',
    key_id: 'hostile',
    hostname: stored(HOSTILE_CORPUS[7] ?? ''),
    version: '0',
  };
  await tx
    .insertInto('relay')
    .values({ id: RELAY, site_id: SITE, ...named, ...certificate, ...versions, enrolled_at: 1 })
    .execute();
}

const deviceRow = (textOf: HostileText) => (_text: string, n: number) => ({
  id: hostileDevice(n),
  site_id: SITE,
  relay_id: RELAY,
  // Rows keep the order of the corpus, so that a test finds each.
  name: storedText(`${String(n).padStart(4, '0')} ${textOf('name', n)}`, 253),
  transport: 'ssh',
  address: storedText(textOf('address', n), 253) || 'x',
  interval_ms: 60_000,
  is_simulated: 1 as const,
  status: (['up', 'down', 'unknown', 'identity-changed'] as const)[n % 4] ?? 'up',
  status_reason: n % 4 === 1 ? 'refused' : null,
  status_detail: stored(textOf('detail', n)),
  status_at: 1_700_000_000_000,
  system: 'linux',
  hostname: storedText(textOf('hostname', n), 253),
  created_at: 1_700_000_000_000,
});

/** The whole corpus as the inventory of one device. */
function everything(textOf: HostileText) {
  // Without another word the members of an entry are one text; a text that is asked for anew may be another one.
  const entries = <T>([from, size]: readonly [number, number], make: (text: () => string, n: number) => T): T[] =>
    Array.from({ length: size }, (_, n) => make(() => textOf('list', from + n), n));
  return {
    packages: {
      manager: textOf('list', 3),
      packages: entries(LISTS.packages, (text) => ({ name: text(), version: text(), arch: text() })),
      isTruncated: false,
    },
    services: {
      services: entries(LISTS.services, (text) => ({
        ...{ name: text(), active: text(), state: text(), description: text() },
      })),
    },
    disks: {
      disks: entries(LISTS.disks, (text) => ({
        ...{ name: text(), model: text(), serial: text(), sizeBytes: 1, partitions: [] },
      })),
    },
    ports: {
      ports: entries(LISTS.ports, (text, n) => ({ protocol: 'tcp', port: n + 1, address: text(), process: text() })),
    },
  };
}

function factsOf(textOf: HostileText, n: number): Record<string, unknown> {
  const text = () => textOf('fact', n);
  const os = { prettyName: text(), id: text(), version: text(), kernel: text(), hostname: text(), timezone: text() };
  const machine = { serial: text(), vendor: text(), product: text(), cpuModel: text(), hypervisor: text() };
  return {
    os: { family: 'linux', ...os },
    hardware: { ...machine, chassisType: 23 },
    users: { users: [{ name: text(), uid: 0, home: text(), shell: text(), [text()]: text() }] },
    network: {
      interfaces: [{ name: text(), mac: text(), isUp: true, addresses: [text()] }],
      gateways: [text()],
      nameServers: [text()],
    },
    ...(n === 0 ? everything(textOf) : {}),
  };
}

async function fillFacts(tx: Tx, textOf: HostileText): Promise<void> {
  for (const n of HOSTILE_CORPUS.keys()) {
    for (const [kind, value] of Object.entries(factsOf(textOf, n))) {
      // What JSON escapes, a lone surrogate too, is text in the database.
      const body = JSON.stringify(value);
      const hash = createHash('sha256').update(body).digest('hex');
      await tx
        .insertInto('fact_body')
        .values({ hash, body })
        .onConflict((on) => on.column('hash').doNothing())
        .execute();
      const seen = { first_seen_at: 1_700_000_000_000, seen_at: 1_700_000_000_000, relay_id: RELAY };
      await tx
        .insertInto('fact')
        .values({ device_id: hostileDevice(n), kind, hash, ...seen })
        .execute();
    }
  }
}

async function fillEvents(tx: Tx, now: number, textOf: HostileText): Promise<void> {
  const rows = HOSTILE_CORPUS.map((_text, n) => ({
    site_id: SITE,
    relay_id: RELAY,
    device_id: hostileDevice(n % 5 === 0 ? 0 : n),
    at: now - n * 1_000,
    received_at: now - n * 1_000,
    type: 'state',
    severity: 'warning',
    code: null,
    detail: stored(textOf('event', n)),
  }));
  await tx.insertInto('event').values(rows).execute();
}

/** Into `<data>/console.db`, before a console is started on it. */
export async function fillHostile(data: string, now: number, textOf: HostileText = ofCorpus): Promise<void> {
  const store: Store = await openStore({ engine: 'sqlite', file: path.join(data, 'console.db') });
  await store.transaction(async (tx) => {
    await fillPlace(tx);
    await tx
      .insertInto('device')
      .values(HOSTILE_CORPUS.map(deviceRow(textOf)))
      .execute();
    await fillFacts(tx, textOf);
    await fillEvents(tx, now, textOf);
  });
  await store.close();
}
