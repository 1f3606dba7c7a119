// What one looks at of a device, as it stands in the URL: the view, and how far back the charts look.
import { type LogSearch, parseLogSearch } from '#console/web/src/device-log/log-search.ts';

export const TABS = [
  'overview',
  'charts',
  'services',
  'disks',
  'network',
  'software',
  'users',
  'hardware',
  'events',
  'security',
  'timeline',
  'notes',
] as const;
export type Tab = (typeof TABS)[number];

/** Of Windows machines alone: others have no such logs and checks yet. */
const OF_WINDOWS: ReadonlySet<Tab> = new Set(['events', 'security']);

/** One that is looked at stays, whatever the device is. */
export const tabsOf = ({ system, transport }: { system: string; transport: string }, open: Tab): Tab[] => {
  const isWindows = system === 'windows' || transport === 'winrm' || transport === 'smb';
  return TABS.filter((tab) => isWindows || tab === open || !OF_WINDOWS.has(tab));
};

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** The keys 1 to 7, in this order. */
export const SPANS = [
  { key: '15m', ms: 15 * MINUTE },
  { key: '1h', ms: HOUR },
  { key: '6h', ms: 6 * HOUR },
  { key: '24h', ms: DAY },
  { key: '7d', ms: 7 * DAY },
  { key: '30d', ms: 30 * DAY },
  { key: '1y', ms: 365 * DAY },
] as const;
export type Span = (typeof SPANS)[number];

export interface DeviceSearch extends LogSearch {
  tab?: Tab;
  span?: Span['key'];
  /** Both or none: a part of time that stands still. */
  from?: number;
  to?: number;
}

const USUAL = SPANS[0];
/** Narrower shows single polls with nothing between them. */
const LEAST_MS = MINUTE;

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

/** Anything may stand in a URL; what is as usual is left out. */
export function parseDeviceSearch(raw: Record<string, unknown>): DeviceSearch {
  const search: DeviceSearch = {};
  const tab = TABS.find((one) => one === raw['tab']);
  const span = SPANS.find(({ key }) => key === raw['span']);
  const { from, to } = raw;
  if (tab !== undefined && tab !== 'overview') search.tab = tab;
  if (span !== undefined && span !== USUAL) search.span = span.key;
  // Of the events alone; another view begins without.
  if (tab === 'events') Object.assign(search, parseLogSearch(raw));
  if (isTime(from) && isTime(to) && to - from >= LEAST_MS) Object.assign(search, { from, to });
  return search;
}

export const spanOf = (search: DeviceSearch): Span => SPANS.find(({ key }) => key === search.span) ?? USUAL;

/** A part of time that was dragged over, kept wide enough and not beyond now. */
export function zoomed(from: number, to: number, now: number): { from: number; to: number } {
  const end = Math.min(to, now);
  const width = Math.min(SPANS[SPANS.length - 1]?.ms ?? DAY, Math.max(LEAST_MS, end - from));
  return { from: Math.round(end - width), to: Math.round(end) };
}
