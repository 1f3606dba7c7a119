// A made-up fleet in the shapes of the contract: plausible numbers that depend on the time alone, and one device whose every text is hostile.
import { CustomerId, DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { DeviceDetail, MetricSeries } from '#shared/contract/device-contract.ts';
import type { RelaySummary } from '#shared/contract/relay-contract.ts';
import { DERIVED } from '#shared/model/derive.ts';
import type { DeviceStatus } from '#shared/model/device.ts';

const uuid = (kind: string, n: number) => `01890000-0000-7000-${kind}-${n.toString(16).padStart(12, '0')}`;
export const deviceId = (n: number): DeviceId => DeviceId.parse(uuid('8000', n));
export const siteId = (n: number): SiteId => SiteId.parse(uuid('9000', n));
export const customerId = (n: number): CustomerId => CustomerId.parse(uuid('b000', n));
export const relayId = (n: number): RelayId => RelayId.parse(uuid('a000', n));

/** What a device might print to run code, to load a picture, to hide or to turn text around. */
export const HOSTILE = {
  script: '<script>window.pwned=1</script>',
  image: '<img src=x onerror="window.pwned=1">',
  scheme: 'javascript:window.pwned=1',
  bidi: 'invoice\u202efdp.exe',
  control: 'a\u001b[2Jb\u0007\u0000c',
  hidden: 'ad\u200bmin\u{e0041}',
  long: `${'w'.repeat(250)}`,
  braces: '{{constructor.constructor("window.pwned=1")()}}',
} as const;
const HOSTILE_TEXT = Object.values(HOSTILE).join(' ');

const SITES = ['Headquarters', 'Berlin', 'Lyon warehouse', 'Köln'];
/** The number of the site that a device stands at. */
export const siteNo = (n: number): number => n % SITES.length;
const ROLES = ['web', 'db', 'mail', 'files', 'build', 'cam', 'edge', 'erp'];
/** The device of hostile texts has this number. */
export const HOSTILE_DEVICE = 3;

/** 0 <= value < 1, the same for the same numbers. */
function chance(...seeds: number[]): number {
  let hash = 2_166_136_261;
  for (const seed of seeds) hash = Math.imul(hash ^ (seed + 0x9e37), 16_777_619);
  return ((hash >>> 0) % 100_000) / 100_000;
}

/** A level that moves slowly around its own middle, with some noise. */
function wave(n: number, k: number, at: number): number {
  const middle = 0.1 + 0.6 * chance(n, k);
  const slow = Math.sin(at / 900_000 + 7 * chance(n, k, 1));
  const quick = Math.sin(at / 47_000 + 7 * chance(n, k, 2));
  return Math.min(0.99, Math.max(0.005, middle + 0.12 * slow + 0.05 * quick + 0.03 * (chance(n, k, at) - 0.5)));
}

const isHostile = (n: number) => n === HOSTILE_DEVICE;
const INSTANCES: Readonly<Record<string, (n: number) => string[]>> = {
  device: () => [''],
  filesystem: (n) => (isHostile(n) ? ['/', `/mnt/${HOSTILE.image}`, `/${HOSTILE.bidi}`] : ['/', '/var', '/srv/data']),
  disk: (n) => (isHostile(n) ? [HOSTILE.script] : ['sda', 'nvme0n1']),
  interface: (n) => (isHostile(n) ? [HOSTILE.control, HOSTILE.long] : ['eth0', 'eth1', 'docker0']),
};

const GIB = 2 ** 30;
const SIZE_GIB = [40, 250, 3_600];

/** A filesystem of a device: its size, and the share that is used. */
function filesystem(n: number, place: number) {
  const size = (SIZE_GIB[place] ?? 100) * GIB;
  const share = n % 11 === 5 && place === 1 ? 0.956 : 0.15 + 0.7 * chance(n, place, 3);
  return { size, used: size * share, available: size * (1 - share), used_ratio: share };
}

function levelOf(name: string, n: number, place: number, at: number): number {
  const [group = '', kind = ''] = name.split('.');
  const key = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) + 31 * place;
  const level = wave(n, group.length + place, at);
  if (group === 'filesystem') {
    const disk = filesystem(n, place);
    return { size: disk.size, used: disk.used, available: disk.available }[kind] ?? disk.used_ratio;
  }
  if (name === 'system.uptime') return at - 1_700_000_000_000 - 6_000_000_000 * chance(n, 9);
  if (group === 'load') return 4 * level * (kind === '1' ? 1 : kind === '5' ? 0.9 : 0.8);
  if (name === 'memory.total' || name === 'swap.total') return 16 * GIB;
  if (kind === 'used') return 16 * GIB * level;
  if (kind === 'used_ratio') return name === 'swap.used_ratio' ? level * 0.2 : level;
  if (/error|drop|blocked|failed|steal/.test(kind)) return 0;
  if (kind.endsWith('_ratio')) return level * 0.15;
  if (kind.endsWith('_rate'))
    return level * (place === 0 ? 1 : 0.1) * (group === 'network' ? 3e6 : 8e5) * chance(key, n);
  return Math.round(100 * level);
}

/** Derived readings of a device at a time: those of the names, or all. */
export function readings(n: number, at: number, names?: ReadonlySet<string>): DeviceDetail['latest'] {
  return DERIVED.filter(({ name }) => names?.has(name) !== false).flatMap(({ name, unit, scope }) =>
    (INSTANCES[scope]?.(n) ?? []).map((instance, place) => ({
      name,
      instance,
      unit,
      value: levelOf(name, n, place, at),
    })),
  );
}

export function statusOf(n: number): DeviceStatus {
  if (n % 17 === 9) return 'down';
  if (n === 12) return 'identity-changed';
  return n === 13 ? 'unknown' : 'up';
}

const reasonOf = { up: null, down: 'timed-out', unknown: null, 'identity-changed': 'identity-changed' } as const;
const detailOf = (n: number): string | null => {
  if (statusOf(n) === 'down') return `10.0.${n % 4}.${n}: no answer within 10 s`;
  return statusOf(n) === 'identity-changed'
    ? `machine-id differs from the pinned one ${isHostile(n) ? HOSTILE_TEXT : ''}`
    : null;
};

export function device(n: number, now: number, names?: ReadonlySet<string>): DeviceDetail {
  const hostile = isHostile(n);
  const status = statusOf(n);
  const polledAt = status === 'down' ? now - 1_260_000 : now - 1_000 * (n % 8);
  const name = hostile ? HOSTILE_TEXT.slice(0, 253) : `${ROLES[n % ROLES.length]}-${Math.floor(n / 8) + 1}`;
  return {
    id: deviceId(n),
    name,
    siteId: siteId(siteNo(n)),
    siteName: SITES[n % SITES.length] ?? '',
    customerId: customerId(0),
    customerName: 'Example',
    relayId: relayId(n % SITES.length),
    transport: n === 0 ? 'local' : 'ssh',
    address: hostile ? HOSTILE.image : `10.0.${n % 4}.${(n % 250) + 1}`,
    port: n === 0 ? null : 22,
    isSimulated: n % 5 === 4,
    status,
    statusReason: reasonOf[status],
    statusDetail: detailOf(n),
    statusAt: now - 7_200_000,
    system: 'linux',
    type: n % 7 === 0 ? 'vm' : 'server',
    setType: null,
    os: hostile ? HOSTILE.script : 'Debian GNU/Linux 12 (bookworm)',
    serial: hostile ? HOSTILE.braces : `SN-${n}`,
    tags: n % 3 === 0 ? ['web', 'production'] : [],
    groups: [],
    notes: hostile ? HOSTILE_TEXT : '',
    links: [],
    hostname: hostile ? HOSTILE.bidi : `${name}.example.net`,
    intervalMs: 10_000,
    polledAt: status === 'unknown' ? null : polledAt,
    latest: status === 'unknown' ? [] : readings(n, polledAt, names),
    credential: n === 0 ? null : 'fleet',
    ...{ spn: null, realm: null, share: null, way: null },
    identity: { machineId: `4c4c4544003${n}10805a${n}`, macs: ['52:54:00:12:34:56'] },
    seenIdentity: null,
    createdAt: now - 86_400_000,
  };
}

/** Half an hour without polls, three hours ago: a gap that must stay one. */
const inGap = (at: number, now: number) => at > now - 3 * 3_600_000 && at < now - 2.5 * 3_600_000;

/** History as the console answers it: at most `maxPoints`, with a spread around the average where points stand for many. */
export function history(
  n: number,
  now: number,
  ask: { names: ReadonlySet<string>; from: number; to: number; maxPoints: number },
) {
  const step = Math.max(10_000, (ask.to - ask.from) / ask.maxPoints);
  const spread = step > 10_000 ? 0.12 : 0;
  const at: number[] = [];
  for (let time = ask.from; time < ask.to; time += step) at.push(Math.floor(time));
  return DERIVED.filter(({ name }) => ask.names.has(name)).flatMap(({ name, unit, scope }) =>
    (INSTANCES[scope]?.(n) ?? []).map((instance, place): MetricSeries => {
      const avg = at.map((time) => (inGap(time, now) ? null : levelOf(name, n, place, time)));
      const scaled = (factor: number) => avg.map((value) => (value === null ? null : value * factor));
      return { name, instance, unit, at, avg, min: scaled(1 - spread), max: scaled(1 + spread) };
    }),
  );
}

export function facts(n: number, now: number) {
  const text = isHostile(n) ? HOSTILE_TEXT : '';
  const fact = (kind: string, body: unknown) => ({
    kind,
    hash: '0'.repeat(64),
    seenAt: now - 60_000,
    firstSeenAt: now - 6e7,
    body,
  });
  const packages = Array.from({ length: 420 }, (_, i) => ({
    name: `${text}libfixture${i}`,
    version: `1.${i}-2`,
    arch: 'amd64',
  }));
  return [
    fact('packages', { manager: 'dpkg', packages, isTruncated: false }),
    fact('os', {
      family: 'linux',
      prettyName: `Debian GNU/Linux 12 ${text}`,
      kernel: '6.1.0-18-amd64',
      hostname: 'web-1',
    }),
    fact('hardware', {
      vendor: 'Fixture Systems',
      product: 'R640',
      memoryBytes: 64 * GIB,
      cpuModel: 'Model 1',
      cpuThreads: 32,
    }),
    fact('network', {
      interfaces: [
        { name: `eth0${text}`, mac: '52:54:00:12:34:56', mtu: 1500, isUp: true, addresses: ['10.0.0.4/24'] },
      ],
      gateways: ['10.0.0.1'],
      nameServers: ['10.0.0.2', '10.0.0.3'],
    }),
    fact('users', {
      users: [{ name: `root${text}`, uid: 0, shell: '/bin/bash', [HOSTILE.script]: isHostile(n) ? 1 : 0 }],
    }),
  ];
}

export function events(n: number, now: number) {
  const event = (
    seq: number,
    minutes: number,
    type: string,
    severity: string,
    code: string | null,
    detail: string,
  ) => ({
    seq,
    at: now - minutes * 60_000,
    receivedAt: now - minutes * 60_000 + 400,
    deviceId: deviceId(n),
    type,
    severity,
    code,
    detail,
  });
  return [
    event(5, 3, 'state', 'info', null, isHostile(n) ? HOSTILE_TEXT : 'up'),
    event(4, 21, 'state', 'warning', null, 'down: timed-out, no answer within 10 s'),
    event(3, 200, 'relay-event', 'critical', 'identity-changed', 'another machine answers: machine-id differs'),
    event(2, 1_700, 'identity', 'info', null, 'identity pinned at first contact'),
  ];
}

export function relays(now: number): RelaySummary[] {
  return SITES.map((site, n) => ({
    id: relayId(n),
    siteId: siteId(n),
    siteName: site,
    name: n === 0 ? site : `relay-${n}`,
    kind: 'site',
    hostname: `gw-${n}`,
    version: '0.1.0',
    isConnected: n !== 2,
    isRevoked: false,
    isFenced: false,
    lastSeenAt: n === 2 ? now - 1_500_000 : now,
    clockSkewMs: n === 1 ? 9_400 : 120,
    certificateExpiresAt: now + (n === 3 ? 2 : 12) * 86_400_000,
    enrolledAt: now - 86_400_000,
    devices: 8,
    health: null,
    lanes: [{ lane: 0, received: 10, durable: 10, next: 11 + (n === 3 ? 1_284 : 0) }],
  }));
}
