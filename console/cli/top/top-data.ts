// What each view of the live screen reads of the console, as rows of cells.

import type { Api } from '#console/cli/client.ts';
import { age, bytes, reading } from '#console/cli/output.ts';
import { timelineLine } from '#console/cli/timeline-line.ts';
import type { DeviceSummary } from '#shared/contract/device-contract.ts';
import type { Overview } from '#shared/contract/system-contract.ts';
import type { DeviceStatus } from '#shared/model/device.ts';
import type { Tone } from './cell-text.ts';
import type { TopState, ViewName } from './top-state.ts';

export interface Column {
  title: string;
  /** Least columns; what is left over goes to the first. */
  width: number;
  align?: 'right';
}

export interface Row {
  /** Of a device, or the filter that shows what is inside; absent where there is nothing to open. */
  id?: string;
  cells: readonly string[];
  tone: Tone;
}

export interface ViewData {
  columns: readonly Column[];
  rows: readonly Row[];
  total: number;
}

/** More rows than anybody scrolls through on a terminal. */
const MAX_ROWS = 500;
const GLANCE = 'cpu.used_ratio,memory.used_ratio,filesystem.used_ratio';

const TONES: Readonly<Record<DeviceStatus, Tone>> = {
  up: 'plain',
  down: 'bad',
  unknown: 'quiet',
  'identity-changed': 'warning',
};

const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

function worst(device: DeviceSummary, name: string): string {
  const values = device.latest.flatMap((one) => (one.name === name && one.value !== null ? [one.value] : []));
  return values.length === 0 ? '-' : reading(Math.max(...values), 'ratio');
}

async function devices(api: Api, state: TopState, now: number): Promise<ViewData> {
  const q = [state.view === 'down' ? 'status:down,identity-changed' : '', state.filter]
    .filter((part) => part !== '')
    .join(' ');
  const { items, total } = await api.devices.list({
    ...(q === '' ? {} : { q }),
    sort: state.sort,
    limit: MAX_ROWS,
    names: GLANCE,
  });
  return {
    columns: [
      { title: 'NAME', width: 18 },
      { title: 'STATUS', width: 8 },
      { title: 'SITE', width: 12 },
      { title: 'CPU', width: 7, align: 'right' },
      { title: 'MEMORY', width: 7, align: 'right' },
      { title: 'DISK', width: 7, align: 'right' },
      { title: 'POLLED', width: 12, align: 'right' },
    ],
    rows: items.map((one) => ({
      id: one.id,
      tone: TONES[one.status],
      cells: [
        one.name,
        one.status === 'identity-changed' ? 'changed' : one.status,
        one.siteName,
        worst(one, 'cpu.used_ratio'),
        worst(one, 'memory.used_ratio'),
        worst(one, 'filesystem.used_ratio'),
        age(one.polledAt, now),
      ],
    })),
    total,
  };
}

async function sites(api: Api): Promise<ViewData> {
  const { items } = await api.sites.list();
  return listed(
    [
      { title: 'SITE', width: 20 },
      { title: 'CUSTOMER', width: 18 },
      { title: 'TIME ZONE', width: 18 },
      { title: 'RELAYS', width: 6, align: 'right' },
      { title: 'DEVICES', width: 7, align: 'right' },
    ],
    items.map((one) => ({
      id: `site=${quoted(one.name)}`,
      tone: 'plain',
      cells: [one.name, one.customerName, one.timeZone, String(one.relays), String(one.devices)],
    })),
  );
}

async function relays(api: Api, now: number): Promise<ViewData> {
  const { items } = await api.relays.list();
  return listed(
    [
      { title: 'RELAY', width: 14 },
      { title: 'SITE', width: 12 },
      { title: 'LINK', width: 8 },
      { title: 'SEEN', width: 12, align: 'right' },
      { title: 'LAG', width: 8, align: 'right' },
      { title: 'MEMORY', width: 10, align: 'right' },
    ],
    items.map((one) => ({
      tone: one.isRevoked ? 'quiet' : one.isConnected ? 'plain' : 'bad',
      cells: [
        one.name,
        one.siteName,
        one.isRevoked ? 'revoked' : one.isFenced ? 'fenced' : one.isConnected ? 'linked' : 'away',
        age(one.lastSeenAt, now),
        one.health === null ? '-' : `${one.health.pollLagMs} ms`,
        one.health === null ? '-' : bytes(one.health.rssBytes),
      ],
    })),
  );
}

async function groups(api: Api): Promise<ViewData> {
  const { items } = await api.groups.list();
  return listed(
    [
      { title: 'GROUP', width: 22 },
      { title: 'KIND', width: 5 },
      { title: 'DEVICES', width: 7, align: 'right' },
      { title: 'RULE', width: 36 },
    ],
    items.map((one) => ({
      id: `group=${quoted(one.name)}`,
      tone: one.fault === null ? 'plain' : 'warning',
      cells: [one.name, one.kind, String(one.devices), one.rule ?? ''],
    })),
  );
}

async function actions(api: Api, now: number): Promise<ViewData> {
  const { items } = await api.actions.list({ limit: MAX_ROWS });
  return listed(
    [
      { title: 'WHAT', width: 20 },
      { title: 'WHEN', width: 14 },
      { title: 'STATE', width: 8 },
      { title: 'DEVICES', width: 28 },
    ],
    items.map((one) => ({
      tone: one.state === 'settled' ? 'plain' : 'strong',
      cells: [
        one.name,
        age(one.createdAt, now),
        one.state,
        Object.entries(one.counts)
          .map(([state, count]) => `${count} ${state}`)
          .join(', '),
      ],
    })),
  );
}

async function audit(api: Api): Promise<ViewData> {
  const { items } = await api.audit.list({ limit: MAX_ROWS });
  return listed(
    [
      { title: 'WHAT', width: 16 },
      { title: 'AT', width: 24 },
      { title: 'WHO', width: 16 },
      { title: 'OUTCOME', width: 8 },
    ],
    items.map((one) => ({
      tone: one.outcome === 'ok' ? 'plain' : 'warning',
      cells: [`${one.verb} ${one.resource}`, new Date(one.at).toISOString(), one.actor, one.outcome],
    })),
  );
}

const listed = (columns: readonly Column[], rows: readonly Row[]): ViewData => ({ columns, rows, total: rows.length });

const overview = ({ worst: bad, recent }: Overview, now: number): ViewData =>
  listed(
    [
      { title: 'WHAT IS WORST, AND WHAT CHANGED IN THE LAST HOUR', width: 50 },
      { title: 'SITE', width: 14 },
      { title: 'SINCE', width: 12, align: 'right' },
    ],
    [
      ...bad.map((one) => ({
        id: one.id,
        tone: TONES[one.status],
        cells: [
          `${one.name}: ${one.status === 'up' ? one.readings.map(({ field, value }) => `${field} ${reading(value, 'ratio')}`).join(', ') : one.status}`,
          one.siteName,
          age(one.statusAt, now),
        ],
      })),
      ...recent.map(({ deviceId, deviceName, siteName, item }) => ({
        id: deviceId,
        tone: 'quiet' as const,
        cells: [`${deviceName}: ${timelineLine(item).slice(26)}`, siteName, age(item.at, now)],
      })),
    ],
  );

async function device(api: Api, id: string, now: number): Promise<ViewData> {
  const one = await api.devices.show({ id });
  const facts: Array<[string, string]> = [
    ['name', one.name],
    ['status', `${one.status}${one.statusDetail === null ? '' : `: ${one.statusDetail}`}`],
    ['site', `${one.siteName}, ${one.customerName}`],
    ['address', `${one.transport}://${one.address}${one.port === null ? '' : `:${one.port}`}`],
    ['system', one.os ?? one.system],
    ['serial', one.serial ?? '-'],
    ['tags', one.tags.join(', ')],
    ['polled', age(one.polledAt, now)],
  ];
  const readings = one.latest.map(({ name, instance, value, unit }): [string, string] => [
    instance === '' ? name : `${name} ${instance}`,
    reading(value, unit),
  ]);
  return listed(
    [
      { title: one.name, width: 34 },
      { title: '', width: 40 },
    ],
    [...facts, ...readings].map((cells) => ({ cells, tone: 'plain' })),
  );
}

/** `estate` is being read for the head of the screen; the first view shows more of it. */
export async function readView(api: Api, state: TopState, estate: Promise<Overview>, now: number): Promise<ViewData> {
  if (state.device !== undefined) return device(api, state.device, now);
  const read: Readonly<Record<ViewName, () => Promise<ViewData>>> = {
    overview: async () => overview(await estate, now),
    devices: () => devices(api, state, now),
    down: () => devices(api, state, now),
    sites: () => sites(api),
    relays: () => relays(api, now),
    groups: () => groups(api),
    actions: () => actions(api, now),
    audit: () => audit(api),
  };
  return read[state.view]();
}
