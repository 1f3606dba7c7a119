// The live screen as rows: who is up, the menu, the list, what the keys do. 80x24 is enough; a larger terminal shows more.
import type { Overview } from '#shared/contract/system-contract.ts';
import { cut, type Paint } from './cell-text.ts';
import type { Size } from './screen.ts';
import type { Column, Row, ViewData } from './top-data.ts';
import { SORTS, type TopState, VIEWS, type ViewName } from './top-state.ts';

const TITLES: Readonly<Record<ViewName, string>> = {
  overview: 'Overview',
  devices: 'Devices',
  down: 'Down',
  sites: 'Sites',
  relays: 'Relays',
  groups: 'Groups',
  actions: 'Actions',
  audit: 'Audit',
};

export interface Scene {
  state: TopState;
  estate: Overview | undefined;
  data: ViewData | undefined;
  /** Why nothing newer is shown. */
  fault: string | undefined;
  size: Size;
  /** The time of day, as people here say it. */
  clock: string;
}

/** Rows around the list: head, menu, titles, two lines below. */
const FRAME_ROWS = 5;
export const listHeight = (size: Size): number => Math.max(1, size.rows - FRAME_ROWS);

function head({ estate, clock, size }: Scene, paint: Paint): string {
  if (estate === undefined) return cut('RMM  reading the console', size.columns);
  const { up = 0, down = 0, unknown = 0, 'identity-changed': changed = 0 } = estate.devices;
  const relays = estate.sites.flatMap((site) => site.relays);
  const linked = relays.filter((relay) => relay.isConnected).length;
  const text = [
    `RMM  ${up}/${up + down + unknown + changed} up`,
    ...(down > 0 ? [`${down} down`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    `relays ${linked}/${relays.length}`,
    `${estate.ingest.samplesPerSecond.toFixed(0)} samples/s`,
  ].join('  ');
  const counts = paint(down + changed > 0 ? 'bad' : 'good', cut(text, size.columns - clock.length - 1));
  return `${counts} ${clock}`;
}

function menu({ state, size }: Scene, paint: Paint): string {
  const words = VIEWS.map((view, index) => ({ text: `${index + 1} ${TITLES[view]}`, isOpen: view === state.view }));
  const width = words.reduce((sum, { text }) => sum + text.length + 2, 0);
  if (width > size.columns)
    return cut(words.map(({ text, isOpen }) => (isOpen ? `[${text}]` : text)).join(' '), size.columns);
  return words.map(({ text, isOpen }) => `${paint(isOpen ? 'strong' : 'quiet', text)}  `).join('');
}

/** Widths that fill the terminal: what is left over goes to the first column, and columns that do not fit are left out. */
function widthsOf(columns: readonly Column[], total: number): number[] {
  const widths: number[] = [];
  let used = 0;
  for (const { width } of columns) {
    if (used + width > total) break;
    widths.push(width);
    used += width + 1;
  }
  const [first = total] = widths;
  return [first + Math.max(0, total - used + 1), ...widths.slice(1)];
}

const cellsOf = (columns: readonly Column[], widths: readonly number[], cells: readonly string[]): string =>
  widths.map((width, index) => cut(cells[index] ?? '', width, columns[index]?.align)).join(' ');

function list(scene: Scene, paint: Paint): string[] {
  const { data, state, size } = scene;
  const height = listHeight(size);
  if (data === undefined) return ['', ...Array.from({ length: height }, () => '')];
  const widths = widthsOf(data.columns, size.columns);
  const line = (row: Row, index: number) =>
    paint(index === state.cursor ? 'chosen' : row.tone, cellsOf(data.columns, widths, row.cells));
  const rows = data.rows.slice(state.top, state.top + height).map((row, index) => line(row, state.top + index));
  if (rows.length === 0) rows.push(paint('quiet', cut('nothing here', size.columns)));
  const titles = data.columns.map(({ title }) => title);
  return [
    paint('strong', cellsOf(data.columns, widths, titles)),
    ...rows,
    ...Array.from({ length: height - rows.length }, () => ''),
  ];
}

function status({ state, data, fault, size }: Scene, paint: Paint): string {
  if (state.typing !== undefined) return cut(`filter: ${state.typing}_`, size.columns);
  if (fault !== undefined) return paint('bad', cut(fault, size.columns));
  const place = data === undefined || data.rows.length === 0 ? '' : `${state.cursor + 1} of ${data.total}`;
  const filter = state.filter === '' ? '' : `filter ${state.filter}`;
  const isList = state.view === 'devices' || state.view === 'down';
  return paint(
    'quiet',
    cut([place, filter, isList ? `by ${state.sort}` : ''].filter((one) => one !== '').join('   '), size.columns),
  );
}

const HELP = [
  '1-8          open a view',
  'j k ↑ ↓      move; g G first and last; PgUp PgDn',
  'Enter        open the device; the devices of a site or a group',
  'Esc          back; without a device open: clear the filter',
  '/            filter devices: status:down site:berlin cpu>80% tag:sql',
  `s            order by ${SORTS.join(', ')}`,
  'q            leave',
];

export function render(scene: Scene, paint: Paint): string[] {
  const { size, state } = scene;
  const keys = 'q leave  ? keys  / filter  s order  Enter open  Esc back  1-8 views';
  const body = state.isHelp
    ? ['', ...Array.from({ length: listHeight(size) }, (_, index) => cut(HELP[index] ?? '', size.columns))]
    : list(scene, paint);
  return [
    head(scene, paint),
    menu(scene, paint),
    ...body,
    status(scene, paint),
    paint('quiet', cut(keys, size.columns)),
  ];
}
