// Values that a field has in this fleet, for the suggestions of the filter.
import type { FleetRows } from './fleet-rows.ts';
import { isOwnText, listedOf } from './row-texts.ts';

/** What a list shows at once. */
const MAX = 20;

/** Distinct texts of rows that hold the typed one, those that begin with it first. */
export function valuesOf(rows: FleetRows, field: string, typed: string): string[] {
  const starting = new Set<string>();
  const holding = new Set<string>();
  for (const text of textsOf(rows, field)) {
    const at = text.toLowerCase().indexOf(typed);
    if (text !== '' && at === 0) starting.add(text);
    else if (at > 0 && holding.size < MAX) holding.add(text);
    if (starting.size >= MAX) break;
  }
  return [...[...starting].sort(), ...[...holding].sort()].slice(0, MAX);
}

function* textsOf(rows: FleetRows, field: string): Iterable<string> {
  if (field === 'tag') for (const set of rows.tagSets) yield* set;
  else if (field === 'group') for (const { name } of rows.groups) yield name;
  else if (isOwnText(field)) yield* rows[field];
  else {
    const listed = listedOf(rows, field);
    if (listed === undefined) return;
    // The words are shared by several fields: only those that this one uses are its values.
    const used = new Set<number>();
    for (let row = 0; row < rows.size; row += 1) used.add(listed.place[row] ?? -1);
    for (const place of used) yield listed.texts[place] ?? '';
  }
}
