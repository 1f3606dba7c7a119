// What the columns are called, and which way an order begins.
import type { FleetSearch, SortKey } from './fleet-query.ts';

export const COLUMN_TITLES: Readonly<Record<SortKey, string>> = {
  status: 'Status',
  name: 'Name',
  site: 'Site',
  address: 'Address',
  cpu: 'CPU',
  memory: 'Memory',
  disk: 'Disk',
  load: 'Load',
  rx: 'Net in',
  tx: 'Net out',
  uptime: 'Uptime',
  polled: 'Polled',
};

/** What a column's numbers are exactly. */
export const COLUMN_HINTS: Partial<Record<SortKey, string>> = {
  disk: 'The fullest filesystem',
  load: 'Load average of one minute',
  rx: 'Received by the busiest interface',
  tx: 'Sent by the busiest interface',
  polled: 'Age of the last poll',
};

type Direction = 'ascending' | 'descending';

const WORDS: ReadonlySet<SortKey> = new Set(['status', 'name', 'site', 'address', 'polled']);

/** Words from A, numbers from the largest: that is what one looks for first. The oldest poll stands first. */
export const firstDirection = (key: SortKey): Direction => (WORDS.has(key) ? 'ascending' : 'descending');

export function directionOf(search: FleetSearch, key: SortKey): Direction | undefined {
  if ((search.sort ?? 'status') !== key) return undefined;
  return search.desc === true ? 'descending' : 'ascending';
}

/** What a press on a header asks for: this column in its first direction, or the other one. */
export function nextSort(search: FleetSearch, key: SortKey): { sort: SortKey; desc: true | undefined } {
  const now = directionOf(search, key);
  const next = now === undefined ? firstDirection(key) : now === 'ascending' ? 'descending' : 'ascending';
  return { sort: key, desc: next === 'descending' ? true : undefined };
}
