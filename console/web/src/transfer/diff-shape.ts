// A row's change as one reads it: of a new one all that it says, of another one what it was and becomes.
import type { ImportState } from './import-data.ts';

export type ImportItem = ImportState['items'][number];

export interface DiffLine {
  field: string;
  /** Absent for what was not there before. */
  from?: string;
  /** Absent for what goes. */
  to?: string;
}

/** Empty is nothing: a field that stays empty is no line. */
export function linesOf(item: ImportItem): DiffLine[] {
  return item.fields.flatMap(({ field, from, to }) => {
    const before = from === null || from === '' || item.change === 'create' ? undefined : from;
    const after = to === null || to === '' ? undefined : to;
    // A new one is called so in the column beside it.
    if (before === after || (item.change === 'create' && field === 'name')) return [];
    return [{ field, ...(before !== undefined && { from: before }), ...(after !== undefined && { to: after }) }];
  });
}
