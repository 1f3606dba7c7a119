// Which columns stand, in which order and how wide: as the URL says, else as this browser remembers, else as many as fit.
import { COLUMN_KEYS, type ColumnKey, USUAL_COLUMNS } from './column-list.ts';
import { readColumns } from './fleet-search.ts';

/** In pixels at the usual text size. The name takes what is left. */
export const USUAL_WIDTHS: Readonly<Record<ColumnKey, number>> = {
  name: 190,
  status: 172,
  customer: 132,
  site: 132,
  address: 142,
  hostname: 176,
  type: 120,
  system: 84,
  os: 190,
  serial: 124,
  user: 104,
  tag: 176,
  group: 160,
  relay: 112,
  transport: 84,
  cpu: 88,
  memory: 88,
  disk: 88,
  load: 66,
  rx: 100,
  tx: 100,
  uptime: 84,
  polled: 92,
  added: 96,
};
/** Narrower, no head could be read; wider, no other column could be seen. */
export const MIN_WIDTH = 56;
const MAX_WIDTH = 640;
export const WIDTH_STEP = 16;
const SELECT_WIDTH = 40;

export type Widths = Readonly<Partial<Record<ColumnKey, number>>>;

/** Who goes first when the page is narrow. */
const LEAST_FIRST: readonly ColumnKey[] = ['tx', 'rx', 'load', 'address', 'uptime', 'site', 'disk', 'memory'];

export const widthOf = (key: ColumnKey, widths: Widths): number => widths[key] ?? USUAL_WIDTHS[key];

export const clampWidth = (px: number): number => Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, px)));

export const sumOf = (columns: readonly ColumnKey[], widths: Widths): number =>
  columns.reduce((sum, key) => sum + widthOf(key, widths), SELECT_WIDTH);

/** Tracks of a grid. The name takes what the others leave; where somebody gave it a width, all of them share it. */
export function tracksOf(columns: readonly ColumnKey[], widths: Widths): string {
  const isNameFree = widths.name === undefined;
  const tracks = columns.map((key) => {
    const px = widthOf(key, widths);
    if (!isNameFree) return `minmax(${px}px, ${px}fr)`;
    return key === 'name' ? `minmax(${px}px, 1fr)` : `${px}px`;
  });
  return [`${SELECT_WIDTH}px`, ...tracks].join(' ');
}

/** Is a column narrower than what usually stands in it? */
export const isTight = (columns: readonly ColumnKey[], widths: Widths): boolean =>
  columns.some((key) => widthOf(key, widths) < USUAL_WIDTHS[key]);

/** The name always stands, and first: it stays in sight when the others scroll. */
const withName = (columns: readonly ColumnKey[]): ColumnKey[] => ['name', ...columns.filter((key) => key !== 'name')];

interface Room {
  /** Pixels for the table; 0 while nobody has measured. */
  px: number;
  widths: Widths;
}

/** What somebody chose stands as chosen, and scrolls where it is too wide; the usual columns give way instead. */
export function columnsFor(chosen: string | undefined, stored: string | null, { px, widths }: Room): ColumnKey[] {
  const wanted = readColumns(chosen ?? stored ?? '');
  if (wanted.length > 0) return withName(wanted);
  const columns = withName(USUAL_COLUMNS);
  if (px === 0) return columns;
  for (const key of LEAST_FIRST) {
    if (sumOf(columns, widths) <= px) break;
    columns.splice(columns.indexOf(key), 1);
  }
  return columns;
}

/** Anything may stand in the storage of a browser. */
export function readWidths(stored: string | null): Widths {
  const widths: Partial<Record<ColumnKey, number>> = {};
  for (const part of (stored ?? '').split(',')) {
    const [name, px] = part.split(':');
    const key = COLUMN_KEYS.find((one) => one === name);
    const width = Number(px);
    if (key !== undefined && width > 0) widths[key] = clampWidth(width);
  }
  return widths;
}

export const writeWidths = (widths: Widths): string =>
  COLUMN_KEYS.flatMap((key) => (widths[key] === undefined ? [] : [`${key}:${widths[key]}`])).join(',');

/** Moves a column by one place, staying behind the name. */
export function moved(columns: readonly ColumnKey[], key: ColumnKey, by: 1 | -1): ColumnKey[] {
  const at = columns.indexOf(key);
  const to = Math.min(columns.length - 1, Math.max(1, at + by));
  if (at < 1 || to === at) return [...columns];
  const next = columns.filter((one) => one !== key);
  next.splice(to, 0, key);
  return next;
}

export const switched = (columns: readonly ColumnKey[], key: ColumnKey): ColumnKey[] =>
  columns.includes(key) ? columns.filter((one) => one !== key) : [...columns, key];
