// What one looks at of a device, as it stands in the URL: the view, and how far back the charts look.
import { type LogSearch, parseLogSearch } from '#console/web/src/device-log/log-search.ts';
import { parseSpanSearch, type SpanSearch } from '#console/web/src/span/spans.ts';

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

/** How far back a device's charts look when nobody says. */
export const USUAL_SPAN = '15m';

export interface DeviceSearch extends LogSearch, SpanSearch {
  tab?: Tab;
}

/** Anything may stand in a URL; what is as usual is left out. */
export function parseDeviceSearch(raw: Record<string, unknown>): DeviceSearch {
  const search: DeviceSearch = {};
  const tab = TABS.find((one) => one === raw['tab']);
  if (tab !== undefined && tab !== 'overview') search.tab = tab;
  Object.assign(search, parseSpanSearch(raw, USUAL_SPAN));
  // Of the events alone; another view begins without.
  if (tab === 'events') Object.assign(search, parseLogSearch(raw));
  return search;
}
