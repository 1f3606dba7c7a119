// The columns of import files, found by their headings in whatever case; an unknown one is named with the nearest we know.
import type { ImportKind } from '#shared/contract/import-contract.ts';
import { type Cell, FileFault, type Sheet } from './sheet.ts';

export const DEVICE_COLUMNS = [
  'id',
  'name',
  'customer',
  'site',
  'relay',
  'transport',
  'address',
  'port',
  'credential',
  'interval',
  'spn',
  'realm',
  'share',
  'type',
  'tags',
  'groups',
  'notes',
  'links',
] as const;
export type DeviceColumn = (typeof DEVICE_COLUMNS)[number];

export const SITE_COLUMNS = [
  'customer',
  'site',
  'address',
  'time zone',
  'contact name',
  'contact email',
  'contact phone',
  'notes',
  'defaults',
] as const;
export type SiteColumn = (typeof SITE_COLUMNS)[number];

/** A row by its columns; a column that the file has not, or about which the row says nothing, is absent. */
export interface Row<C extends string> {
  row: number;
  cells: ReadonlyMap<C, string>;
}

const REQUIRED = { devices: ['name'], sites: ['customer'] } as const;

const plain = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ');

/** Which column each place of the heading is. Throws FileFault. */
function columnsOf<C extends string>(heading: readonly string[], known: readonly C[], kind: ImportKind) {
  const seen = new Set<C>();
  const columns = heading.map((title): C | undefined => {
    const name = plain(title);
    if (name === '') return undefined;
    const column = known.find((one) => one === name);
    if (column === undefined) throw new FileFault(unknownText(name, known), 1, title.trim().slice(0, 100));
    if (seen.has(column)) throw new FileFault('this column stands there twice', 1, column);
    seen.add(column);
    return column;
  });
  const missing = REQUIRED[kind].find((name) => !columns.some((column) => column === name));
  const isUpdate = columns.some((column) => column === 'id');
  if (missing !== undefined && !isUpdate) throw new FileFault(`the column "${missing}" is missing`, 1, missing);
  return columns;
}

function unknownText(name: string, known: readonly string[]): string {
  const near = known.map((column) => ({ column, steps: distance(name, column) })).sort((a, b) => a.steps - b.steps)[0];
  // Half of a word wrong is another word.
  const isNear = near !== undefined && near.steps <= Math.max(2, near.column.length / 2);
  return isNear
    ? `no column has this heading; did you mean "${near.column}"?`
    : `no column has this heading; there are ${known.join(', ')}`;
}

/** Signs to put in, take out or change. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, sign] of [...a.slice(0, 100)].entries()) {
    const row = [i + 1];
    for (let j = 0; j < b.length; j += 1)
      row.push(Math.min((before[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1, (before[j] ?? 0) + (sign === b[j] ? 0 : 1)));
    before = row;
  }
  return before[b.length] ?? 0;
}

/** Makes rows of cells rows of columns; those without any text are left out. Throws FileFault for the heading. */
export function rowReader<C extends string>(
  { heading, firstRow }: Pick<Sheet, 'heading' | 'firstRow'>,
  known: readonly C[],
  kind: ImportKind,
): (cells: readonly Cell[], index: number) => Row<C> | undefined {
  const columns = columnsOf(heading, known, kind);
  return (cells, index) => {
    const row = firstRow + index;
    const found = new Map<C, string>();
    for (const [at, column] of columns.entries()) {
      const text = cells[at];
      if (column !== undefined && text !== undefined) found.set(column, text);
    }
    const extra = cells.slice(columns.length).some((text) => text !== undefined && text.trim() !== '');
    if (extra) throw new FileFault(`the row has ${cells.length} cells, the heading ${columns.length}`, row);
    return [...found.values()].every((text) => text.trim() === '') ? undefined : { row, cells: found };
  };
}
