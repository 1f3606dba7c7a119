// What one asks of the fleet page, as it stands in the URL, so that a view can be kept and sent to a colleague.
import { MAX_FILTER_LENGTH } from '#shared/base/filter/filter.ts';
import { COLUMN_KEYS, type ColumnKey, isColumnKey } from './column-list.ts';

export interface FleetSearch {
  /** Text of the filter, as typed. */
  q?: string;
  /** A column, "-cpu" for the largest first. */
  sort?: string;
  /** Comma-separated, in order; the usual ones when absent. */
  columns?: string;
  density?: Density;
  /** Id of the saved view that this began as. */
  view?: string;
}

const DENSITIES = ['comfortable', 'compact'] as const;
type Density = (typeof DENSITIES)[number];

/** Members to change; undefined takes one out of the URL. */
export type FleetPatch = { [Key in keyof FleetSearch]: FleetSearch[Key] | undefined };

export interface FleetViewProps {
  search: FleetSearch;
  onChange: (patch: FleetPatch) => void;
}

/** What the router read as a number or truth value was typed as a text: "10" is one of a serial. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** Anything may stand in a URL; what is not understood is left out. */
export function parseFleetSearch(raw: Record<string, unknown>): FleetSearch {
  const search: FleetSearch = {};
  const q = textOf(raw['q']).slice(0, MAX_FILTER_LENGTH);
  const sort = textOf(raw['sort']);
  const columns = readColumns(textOf(raw['columns']));
  const density = DENSITIES.find((one) => one === raw['density']);
  const view = textOf(raw['view']);
  if (q !== '') search.q = q;
  if (sort !== '' && sort !== USUAL_SORT && isColumnKey(sort.replace(/^-/, ''))) search.sort = sort;
  if (columns.length > 0) search.columns = columns.join(',');
  if (density !== undefined) search.density = density;
  // An id, nothing else.
  if (/^[0-9a-f-]{36}$/.test(view)) search.view = view;
  return search;
}

/** The known ones, each once, in the order given. */
export const readColumns = (text: string): ColumnKey[] => [...new Set(text.split(',').filter(isColumnKey))];

/** The search with a change; the URL shows only what differs from the usual. */
export const patched = (search: FleetSearch, patch: FleetPatch): FleetSearch =>
  parseFleetSearch({ ...search, ...patch });

/** Trouble first. */
const USUAL_SORT = 'status';

export interface Sorting {
  key: ColumnKey;
  isDescending: boolean;
}

export function sortingOf({ sort = USUAL_SORT }: FleetSearch): Sorting {
  const name = sort.replace(/^-/, '');
  const key = COLUMN_KEYS.find((one) => one === name) ?? USUAL_SORT;
  return { key, isDescending: sort.startsWith('-') };
}
