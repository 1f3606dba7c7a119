// Where a file of devices is fetched: by the fleet's filter, or by the ids that a filter has room for.
import type { ChosenDevices } from './ask-verb.ts';

/** A filter has 2,000 characters, an id with its comma 37. */
export const EXPORTABLE_IDS = 50;

/** Undefined when the choice does not fit into a filter. */
export function exportPath({ ids, filter }: ChosenDevices, format: string): string | undefined {
  if (filter === undefined && ids.length > EXPORTABLE_IDS) return undefined;
  const query = new URLSearchParams({ format });
  const q = filter ?? `id:${ids.join(',')}`;
  if (q !== '') query.set('q', q);
  return `/api/exports/devices?${query}`;
}
