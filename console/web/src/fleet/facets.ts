// What one can narrow the fleet by, and how many devices each choice would show.
import type { Filter } from '#shared/base/filter/filter.ts';
import { sortText } from '#shared/base/sort-text.ts';
import type { FleetField } from '#shared/model/fleet-fields.ts';
import { type FleetRows, STATUS_ORDER } from './fleet-rows.ts';
import type { FleetStore } from './fleet-store.ts';
import { listedOf } from './row-texts.ts';

export const FACETS = [
  'status',
  'customer',
  'site',
  'group',
  'tag',
  'system',
  'type',
] as const satisfies readonly FleetField[];
export type Facet = (typeof FACETS)[number];

export interface FacetChoice {
  value: string;
  devices: number;
}

/** Counts by the place of a text; rows without one are left out. */
function countPlaces(rows: readonly number[], place: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const at = place[row] ?? -1;
    if (at >= 0) counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return counts;
}

/** Sets that rows share are counted once each, then their members. */
function countSets<T>(rows: readonly number[], place: ArrayLike<number>, sets: readonly (readonly T[])[]) {
  const counts = new Map<T, number>();
  for (const [at, devices] of countPlaces(rows, place))
    for (const member of sets[at] ?? []) counts.set(member, (counts.get(member) ?? 0) + devices);
  return counts;
}

function countsOf(rows: FleetRows, fitting: readonly number[], facet: Facet): Map<string, number> {
  if (facet === 'tag') return countSets(fitting, rows.tags, rows.tagSets);
  if (facet === 'group') {
    const byPlace = countSets(fitting, rows.groupSet, rows.groupSets);
    return new Map([...byPlace].map(([place, devices]) => [rows.groups[place]?.name ?? '', devices]));
  }
  const listed = listedOf(rows, facet);
  const counts = new Map<string, number>();
  if (listed === undefined) return counts;
  // Sites of two customers may have the same name, and the filter means both by it.
  for (const [place, devices] of countPlaces(fitting, listed.place)) {
    const text = listed.texts[place] ?? '';
    counts.set(text, (counts.get(text) ?? 0) + devices);
  }
  return counts;
}

/**
 * The most frequent first, equals by name; a status keeps its place. Chosen ones stay, though nothing fits them.
 * `others` is the filter without what it picks of this facet, so that more can be chosen.
 */
export function facetChoices(
  store: FleetStore,
  facet: Facet,
  others: Filter,
  chosen: ReadonlySet<string>,
): FacetChoice[] {
  const counts = countsOf(store.rows, store.fitting(others), facet);
  const known = new Set([...counts.keys()].map((text) => text.toLowerCase()));
  for (const value of chosen) if (!known.has(value)) counts.set(value, 0);
  const choices = [...counts].filter(([value]) => value !== '').map(([value, devices]) => ({ value, devices }));
  if (facet === 'status') return STATUS_ORDER.flatMap((status) => choices.find(({ value }) => value === status) ?? []);
  const keys = new Map(choices.map(({ value }) => [value, sortText(value)]));
  return choices.sort(
    (a, b) => b.devices - a.devices || ((keys.get(a.value) ?? '') < (keys.get(b.value) ?? '') ? -1 : 1),
  );
}
