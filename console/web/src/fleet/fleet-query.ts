// What one asks of the fleet: a filter, a status, an order. It lives in the URL, so that a view can be sent to a colleague.
import type { DeviceStatus } from '#shared/model/device.ts';

export const SORT_KEYS = [
  'status',
  'name',
  'site',
  'address',
  'cpu',
  'memory',
  'disk',
  'load',
  'rx',
  'tx',
  'uptime',
  'polled',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface FleetQuery {
  q: string;
  status: DeviceStatus | undefined;
  sort: SortKey;
  isDescending: boolean;
}

/** The query as it stands in the URL; what is as usual is left out. */
export interface FleetSearch {
  q?: string;
  status?: DeviceStatus;
  sort?: SortKey;
  desc?: true;
}

/** Members to change; undefined takes one out of the URL. */
export type FleetPatch = { [Key in keyof FleetSearch]: FleetSearch[Key] | undefined };

export interface FleetViewProps {
  search: FleetSearch;
  onChange: (patch: FleetPatch) => void;
}

/** The query with a change; the URL shows only what differs from the usual. */
export const patched = (search: FleetSearch, patch: FleetPatch): FleetSearch =>
  parseFleetSearch({ ...search, ...patch });

/** Trouble first: what is well can wait. */
export const STATUS_ORDER: readonly DeviceStatus[] = ['down', 'identity-changed', 'unknown', 'up'];

const oneOf = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
  known.find((item) => item === value);

/** Anything may stand in a URL; what is not understood is left out. */
export function parseFleetSearch(raw: Record<string, unknown>): FleetSearch {
  const search: FleetSearch = {};
  // The router reads "10" as a number.
  const q = typeof raw['q'] === 'number' ? String(raw['q']) : raw['q'];
  const status = oneOf(STATUS_ORDER, raw['status']);
  const sort = oneOf(SORT_KEYS, raw['sort']);
  if (typeof q === 'string' && q !== '') search.q = q.slice(0, 200);
  if (status !== undefined) search.status = status;
  if (sort !== undefined) search.sort = sort;
  if (raw['desc'] === true) search.desc = true;
  return search;
}

export const toFleetQuery = ({ q = '', status, sort = 'status', desc }: FleetSearch): FleetQuery => ({
  q,
  status,
  sort,
  isDescending: desc === true,
});
