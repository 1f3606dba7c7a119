// A made-up estate around the fixture's fleet: sites with their relays, the overview, and what a search finds.
import { CustomerId } from '#shared/base/id.ts';
import type { SiteSummary } from '#shared/contract/site-contract.ts';
import type { Overview, SearchHit, SiteStrip } from '#shared/contract/system-contract.ts';
import { device, deviceId, relayId, siteId, statusOf } from './fixture-fleet.ts';

export interface EstateShape {
  devices: number;
  /** Four have names and match the fleet's; more are branches of made-up customers. */
  sites: number;
}

const NAMES = ['Headquarters', 'Berlin', 'Lyon warehouse', 'Köln'];
const CUSTOMERS = ['Example', 'Nordwind Logistik GmbH', 'Atelier du Lac', 'Stadtwerke Überlingen', 'Acme'];
const TEN_SITES = 10;

const nameOf = (n: number): string => NAMES[n] ?? `Branch ${n + 1}`;
const customerOf = (n: number): number =>
  n < NAMES.length ? 0 : 1 + (Math.floor(n / TEN_SITES) % (CUSTOMERS.length - 1));
const customerId = (n: number) => CustomerId.parse(`01890000-0000-7000-b000-${n.toString(16).padStart(12, '0')}`);

export function sites({ devices, sites: count }: EstateShape, now: number): SiteSummary[] {
  return Array.from({ length: count }, (_, n) => ({
    id: siteId(n),
    customerId: customerId(customerOf(n)),
    customerName: CUSTOMERS[customerOf(n)] ?? '',
    name: nameOf(n),
    timeZone: 'Europe/Berlin',
    address: '',
    contact: { name: '', email: '', phone: '' },
    notes: '',
    defaults: {},
    isSimulated: false,
    devices: Math.floor(devices / count),
    relays: 1,
    createdAt: now - 86_400_000,
    frozenAt: null,
  }));
}

const noCounts = () => ({ up: 0, down: 0, unknown: 0, 'identity-changed': 0 });

/** Two of each ten sites have a story: one is away, one is behind. */
function strip(n: number, { devices, sites: count }: EstateShape, now: number): SiteStrip {
  const counts = noCounts();
  for (let d = n; d < devices; d += count) counts[statusOf(d)] += 1;
  const [isAway, isBehind] = [n % TEN_SITES === 2, n % TEN_SITES === 3];
  const newest = now - (isAway ? 1_500_000 : 2_000 + 300 * (n % 7));
  return {
    id: siteId(n),
    name: nameOf(n),
    customerId: customerId(customerOf(n)),
    customerName: CUSTOMERS[customerOf(n)] ?? '',
    isSimulated: n % TEN_SITES === 7,
    devices: counts,
    relays: [
      {
        id: relayId(n),
        name: `relay-${n}`,
        isConnected: !isAway,
        lastSeenAt: newest,
        backlog: isBehind ? 1_284 : 0,
      },
    ],
    newestPollAt: newest,
    frozenAt: null,
    stalestPollAt: newest - 9_000 - 60_000 * (n % 3 === 1 ? 4 : 0),
  };
}

function worst(devices: number, now: number): Overview['worst'] {
  const readings = [
    [],
    [{ field: 'disk', value: 0.973, where: '/var' }],
    [
      { field: 'memory', value: 0.94, where: null },
      { field: 'cpu', value: 0.92, where: null },
    ],
  ];
  const found = Array.from({ length: devices }, (_, n) => n).filter((n) => statusOf(n) !== 'up' || n % 11 === 5);
  return found.slice(0, 8).map((n, index) => {
    const { id, name, siteName, status, statusAt } = device(n, now, new Set());
    return { id, name, siteName, status, statusAt, readings: status === 'up' ? (readings[1 + (index % 2)] ?? []) : [] };
  });
}

/** What happened in the last hour, newest first. */
function recent(devices: number, now: number): Overview['recent'] {
  const event = (n: number, at: number, type: string, severity: string, detail: string) =>
    ({
      type: 'event',
      at,
      event: { seq: n, at, receivedAt: at, deviceId: deviceId(n), type, severity, code: null, detail },
    }) as const;
  const items = [
    [9, event(9, now - 95_000, 'state', 'warning', 'down (timed-out: no answer within 10 s)')],
    [
      2,
      {
        type: 'inventory',
        at: now - 400_000,
        kind: 'packages',
        isFirst: false,
        added: ['nginx'],
        removed: [],
        changed: ['openssl', 'libc6'],
        more: 0,
      },
    ],
    [1, { type: 'change', at: now - 900_000, by: 'owner', verb: 'device.update', detail: { name: ['db-1', 'db-1a'] } }],
    [26, event(26, now - 1_300_000, 'state', 'info', 'up')],
    [
      4,
      {
        type: 'action',
        at: now - 2_000_000,
        action: '01890000-0000-7000-8000-00000000000a',
        name: 'Restart nginx',
        state: 'succeeded',
        reason: 'config change',
        by: 'owner',
        exitCode: 0,
      },
    ],
    [
      7,
      {
        type: 'inventory',
        at: now - 3_100_000,
        kind: 'services',
        isFirst: true,
        added: [],
        removed: [],
        changed: [],
        more: 0,
      },
    ],
  ] as const;
  return items.flatMap(([n, item]) => {
    if (n >= devices) return [];
    const { id, name, siteName } = device(n, now, new Set());
    // The literals above have the contract's shape; the server checks it again as it answers.
    return [{ deviceId: id, deviceName: name, siteName, item: item as unknown as Overview['recent'][number]['item'] }];
  });
}

export function overview(shape: EstateShape, now: number): Overview {
  const counts = noCounts();
  for (let n = 0; n < shape.devices; n += 1) counts[statusOf(n)] += 1;
  const happened = recent(shape.devices, now);
  return {
    now,
    devices: counts,
    simulated: Math.floor(shape.devices / 5),
    sites: shape.devices === 0 ? [] : Array.from({ length: shape.sites }, (_, n) => strip(n, shape, now)),
    worst: worst(shape.devices, now),
    recent: happened,
    recentMore: happened.length === 0 ? 0 : 17,
    ingest: {
      samplesPerSecond: shape.devices * 6.4,
      batchesPerSecond: shape.sites * 0.9,
      lagMs: shape.devices === 0 ? null : 640,
      backlog: shape.devices === 0 ? 0 : 1_284,
      lost: 0,
      quarantined: shape.devices === 0 ? 0 : 3,
      viewers: 1,
    },
  };
}

/** Names that hold the text, devices first; a serial is said where it is what fits. */
export function search(
  shape: EstateShape,
  q: string,
  limit: number,
  now: number,
): { hits: SearchHit[]; total: number } {
  const text = q.toLowerCase();
  const hits: SearchHit[] = [];
  for (let n = 0; n < shape.devices; n += 1) {
    const { id, name, siteName, status, serial } = device(n, now, new Set());
    const isNamed = name.toLowerCase().includes(text);
    if (!isNamed && serial?.toLowerCase().includes(text) !== true) continue;
    const match = isNamed ? null : { field: 'serial', text: serial ?? '' };
    hits.push({ kind: 'device', id, name, place: siteName, status, match });
  }
  for (const site of sites(shape, now))
    if (site.name.toLowerCase().includes(text))
      hits.push({ kind: 'site', id: site.id, name: site.name, place: site.customerName, status: null, match: null });
  return { hits: hits.slice(0, limit), total: hits.length };
}
