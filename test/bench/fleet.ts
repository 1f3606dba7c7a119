// `bench -- fleet`: a whole console's fleet in memory, read from a store: lists, search, counts, columns and groups.
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { can } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import { DEFAULT_GROUPS, shipDefaultGroups } from '#console/query/default-groups.ts';
import { FleetIndex, type MembershipChange } from '#console/query/fleet-index.ts';
import { openStore, type Store } from '#console/store/database.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, systemRandom } from '#shared/base/id.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { fillEstate } from './fleet-estate.ts';
import { median, percentile, rounded } from './statistics.ts';

const FULL = { devices: 25_000, packages: 300 };
const QUICK = { devices: 2_000, packages: 100 };
const PAGE = 200;
const P95 = 0.95;
/** A membership that never comes is a failed promise, not an endless bench. */
const TOLD_MS = 10_000;

const FILTERS = [
  undefined,
  'status:down',
  'web',
  'site:berlin cpu>80% -tag:test',
  'software=nginx (os:debian or os:ubuntu)',
  'name:web-* memory>=50% uptime<30d has:serial',
  'group:servers tag:sql,web -status:down',
  'user:carol software:openssl address:192.168 disk>10% polled<1h',
] as const;
const SORTS = ['name', '-cpu', 'site', 'polled', '-os'] as const;

/** Everything that nobody needs any more is gone, so that what is counted is held. */
function heldMb(): number {
  setFlagsFromString('--expose_gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

/** One kind of question. What answers from memory on one thread takes its processor time where a core is free. */
class Asked {
  readonly cpuMs: number[] = [];
  readonly wallMs: number[] = [];

  time(act: () => unknown): void {
    const cpu = process.cpuUsage();
    const began = performance.now();
    act();
    this.wallMs.push(performance.now() - began);
    this.cpuMs.push(cpuMsSince(cpu));
  }
}

/** The collector's helpers are counted too: a little more than anybody waits for. */
function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function everything(): Scope {
  const decided = can({ kind: 'system', part: 'bench' }, 'device.read');
  if (!decided.allowed) throw new Error('a bench reads everything');
  return decided.scope;
}

/** Every device has polled a moment ago. */
function poll(fleet: FleetIndex, ids: readonly string[]): void {
  const random = seededRandom(3);
  const now = systemClock.now();
  for (const id of ids)
    fleet.onGlance(DeviceId.parse(id), now - Math.floor(random() * 120_000), {
      cpu: random(),
      memory: random(),
      disk: random(),
      mount: random() < 0.7 ? '/' : '/var',
      load: random() * 8,
      uptime: random() * 90 * 86_400_000,
      rx: random() * 1e8,
      tx: random() * 1e7,
    });
}

function searchWords(devices: number): string[] {
  const some = Array.from({ length: 20 }, (_, i) => Math.floor((devices / 20) * i));
  return [
    ...some.map((n) => `web-${String(n).padStart(5, '0')}`),
    ...some.map((n) => `10.0.${(n >> 8) & 255}.${n & 255}`),
    ...some.map((n) => `sn${String(n * 7_919).padStart(9, '0')}`),
    ...some.map((n) => `carol${n % 400}`),
    ...some.map((n) => `192.168.${n % 250}`),
    ...some.map((n) => `lib${(n * 48_271).toString(36)}`),
    ...some.map((n) => `nothing${n}`),
    ...[
      'a',
      'e',
      'lib',
      'python3',
      'nginx',
      'openssl',
      'production',
      'sql',
      'berlin',
      'site 3',
      'web berlin',
      'db test',
    ],
    ...[
      'example.org',
      'root',
      'o',
      '0',
      'dev',
      'perl-',
      'relay',
      'customer 1',
      'bash carol',
      'systemd',
      'mail-0',
      'vm 10.0',
    ],
    ...some.map((n) => `${n % 10}`),
    ...some.map((n) => `db-${n % 100}`),
  ];
}

/** From the change to the outlet, for a rule over states and for one over readings. */
async function membershipDelays(
  fleet: FleetIndex,
  ids: readonly string[],
  told: MembershipChange[],
): Promise<number[]> {
  const stopping = new AbortController();
  const loop = fleet.run(stopping.signal);
  const delays: number[] = [];
  try {
    for (let round = 0; round < 4; round += 1) {
      const device = DeviceId.parse(ids[round * 7 + 1]);
      told.length = 0;
      const began = performance.now();
      if (round % 2 === 0)
        fleet.onStates([{ type: 'state', device, at: systemClock.now(), status: 'identity-changed' }]);
      else
        fleet.onGlance(device, systemClock.now(), {
          cpu: 7,
          memory: 0,
          disk: 0,
          mount: '/',
          load: 0,
          uptime: 0,
          rx: 0,
          tx: 0,
        });
      while (!told.some((one) => one.device === device)) {
        if (performance.now() - began > TOLD_MS) throw new Error('a membership was not told');
        await systemClock.sleep(10);
      }
      delays.push(performance.now() - began);
    }
  } finally {
    stopping.abort();
    await loop;
  }
  return delays;
}

async function addRules(store: Store): Promise<void> {
  const rules = {
    Changed: 'status:identity-changed',
    Overrun: 'cpu>500%',
    Silent: 'polled>10m',
    Full: 'disk>95% group:servers',
  };
  await store.transaction(async (tx) => {
    await shipDefaultGroups(tx, 1, systemRandom);
    for (const [name, rule] of Object.entries(rules))
      await tx
        .insertInto('device_group')
        .values({
          id: DeviceId.parse(crypto.randomUUID()),
          name,
          description: '',
          kind: 'rule',
          rule,
          parent_id: null,
          is_shipped: 0,
          created_at: 1,
        })
        .execute();
  });
}

function askEverything(fleet: FleetIndex, devices: number, rounds: number) {
  const scope = everything();
  const asked = { list: new Asked(), search: new Asked(), facets: new Asked(), columns: new Asked() };
  for (let round = 0; round < rounds; round += 1) {
    for (const filter of FILTERS) {
      for (const sort of SORTS) asked.list.time(() => fleet.list(scope, { filter, sort, limit: PAGE }));
      asked.facets.time(() => fleet.facets(scope, filter));
    }
    asked.columns.time(() => fleet.columns(scope));
  }
  for (const word of searchWords(devices))
    asked.search.time(() => fleet.search({ devices: scope, sites: scope, relays: scope }, word, 20));
  return asked;
}

export const benchFleet: Bench = async ({ isQuick, say }) => {
  const started = performance.now();
  const size = isQuick ? QUICK : FULL;
  await using folder = makeTempFolder('rmm-fleet');
  await using store = await openStore({ engine: 'sqlite', file: path.join(folder.path, 'console.db') });
  say(`writing ${size.devices} devices with ${size.packages} packages each`);
  const ids = await fillEstate(store, size);
  await addRules(store);

  const told: MembershipChange[] = [];
  const failures: unknown[] = [];
  const before = heldMb();
  const loadBegan = performance.now();
  const cpuBegan = process.cpuUsage();
  const fleet = new FleetIndex({
    store,
    clock: systemClock,
    onMembership: (changes) => void told.push(...changes),
    onFailure: (error) => failures.push(error),
  });
  await fleet.load();
  const loadS = (performance.now() - loadBegan) / 1_000;
  const loadCpuS = cpuMsSince(cpuBegan) / 1_000;
  poll(fleet, ids);
  const memoryMb = heldMb() - before;
  say(`loaded in ${loadS.toFixed(2)} s, ${memoryMb.toFixed(0)} MB`);

  const asked = askEverything(fleet, size.devices, isQuick ? 3 : 5);
  const delays = await membershipDelays(fleet, ids, told);
  const stats = fleet.stats();
  const figures = {
    devices: stats.devices,
    packageNames: stats.packages,
    groups: stats.groups - DEFAULT_GROUPS.length,
    failures: failures.length,
    loadCpuS: rounded(loadCpuS),
    memoryMb: Math.round(memoryMb),
    listP95Ms: rounded(percentile(asked.list.cpuMs, P95)),
    searchP95Ms: rounded(percentile(asked.search.cpuMs, P95)),
    facetsP95Ms: rounded(percentile(asked.facets.cpuMs, P95)),
    columnsMs: rounded(median(asked.columns.cpuMs)),
    membershipMs: rounded(Math.max(...delays)),
  };
  // As it was on this machine beside everything else that ran on it.
  const details = {
    loadWallS: rounded(loadS),
    listP95WallMs: rounded(percentile(asked.list.wallMs, P95)),
    searchP95WallMs: rounded(percentile(asked.search.wallMs, P95)),
    facetsP95WallMs: rounded(percentile(asked.facets.wallMs, P95)),
    columnsWallMs: rounded(median(asked.columns.wallMs)),
  };
  return { name: 'bench fleet', figures, details, durationMs: performance.now() - started };
};
