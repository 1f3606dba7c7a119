// How the fleet shows one field of one device: a word, a mark, a number with its bar, an age. Few elements each: there are hundreds of them.
import { type CSSProperties, memo, type ReactElement, type ReactNode } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { percent, quantity, UNKNOWN } from '#console/web/src/text/format.ts';
import { dateOf } from '#console/web/src/text/time.ts';
import { Age, uptimeText } from '#console/web/src/ui/age.tsx';
import { isHigh } from '#console/web/src/ui/meter.tsx';
import { StatusMark } from '#console/web/src/ui/status-mark.tsx';
import type { DeviceStatus } from '#shared/model/device.ts';
import type { ColumnKey } from './column-list.ts';
import { fleet } from './fleet.ts';
import { addressOf, groupsOf, statusOf, tagsOf } from './fleet-rows.ts';
import { reasonText, systemText, typeText } from './value-text.ts';

type NumberKey = 'cpu' | 'memory' | 'disk' | 'load' | 'rx' | 'tx' | 'uptime' | 'polled' | 'added';
type WordKey = Exclude<ColumnKey, NumberKey | 'status' | 'tag' | 'group'>;

/** Called while its row renders, which happens when something of the row changed. */
export function cellOf(key: ColumnKey, row: number): ReactElement<CellProps> {
  const { rows } = fleet;
  switch (key) {
    case 'status':
      return cell(
        key,
        'status-cell',
        <Status status={statusOf(rows, row)} reason={reasonText(rows.words.at(rows.reason[row]))} />,
      );
    case 'tag':
      return several(key, tagsOf(rows, row));
    case 'group':
      return several(key, groupsOf(rows, row));
    case 'cpu':
    case 'memory':
    case 'disk':
    case 'load':
    case 'rx':
    case 'tx':
    case 'uptime':
    case 'polled':
    case 'added':
      return numberOf(key, row);
    default: {
      const text = wordsOf(key, row);
      return cell(key, 'muted', text, text);
    }
  }
}

export interface CellProps {
  className: string;
  title?: string;
  style?: CSSProperties;
  children: ReactNode;
}

/** The former one where it says the same: React looks at it no further. */
export function keptCell(former: ReactElement<CellProps> | undefined, next: ReactElement<CellProps>) {
  if (former === undefined) return next;
  const [a, b] = [former.props, next.props];
  const isSame = a.children === b.children && a.title === b.title && a.className === b.className;
  return isSame && a.style === b.style ? former : next;
}

function cell(key: ColumnKey, className: string, content: ReactNode, title?: string, style?: CSSProperties) {
  const props = { className, children: content, ...(title === undefined ? {} : { title }), ...(style && { style }) };
  const element: ReactElement<CellProps> = (
    // biome-ignore lint/a11y/noRedundantRoles: laid out as a part of a grid, it would be no cell to some readers
    <td key={key} role="cell" {...props} />
  );
  return element;
}

function wordsOf(key: WordKey, row: number): string {
  const { rows } = fleet;
  switch (key) {
    case 'customer':
      return rows.sites[rows.site[row] ?? -1]?.customerName ?? '';
    case 'site':
      return rows.sites[rows.site[row] ?? -1]?.name ?? '';
    case 'relay':
      return rows.relays[rows.relay[row] ?? -1]?.name ?? '';
    case 'address':
      return addressOf(rows, row);
    case 'hostname':
    case 'serial':
    case 'name':
      return rows[key][row] ?? '';
    case 'type':
      return typeText(rows.words.at(rows.type[row]));
    case 'system':
      return systemText(rows.words.at(rows.system[row]));
    case 'os':
    case 'user':
    case 'transport':
      return rows.words.at(rows[key][row]);
  }
}

function numberOf(key: NumberKey, row: number): ReactElement<CellProps> {
  const { rows } = fleet;
  const value = rows[key][row] ?? Number.NaN;
  // Numbers of a device that does not answer are the last ones known, and stand back.
  const isDim = statusOf(rows, row) !== 'up';
  const tone = isDim ? 'number muted' : 'number';
  switch (key) {
    case 'cpu':
    case 'memory':
      return share(key, value, isDim);
    case 'disk':
      return share(key, value, isDim, rows.words.at(rows.mount[row]));
    case 'load':
      return cell(key, tone, quantity(value, 'load').digits);
    case 'rx':
    case 'tx':
      return rate(key, value, tone);
    case 'uptime':
      return cell(key, tone, uptimeText(value));
    case 'polled':
      return cell(key, 'number', <Polled row={row} />);
    case 'added':
      return cell(key, 'number muted', dateOf(value));
  }
}

/** The number carries the meaning; where there is room the cell draws a bar before it, which no layout has to know. */
function share(key: ColumnKey, ratio: number, isDim: boolean, title?: string): ReactElement<CellProps> {
  const tone = `number share-cell${isHigh(ratio) ? ' high' : ''}${isDim ? ' muted' : ''}`;
  const filled = Number.isFinite(ratio) ? Math.min(100, Math.max(0, Math.round(ratio * 100))) : 0;
  return cell(key, tone, percent(ratio), title, BARS[filled]);
}

/** One for each percent: a bar that stays is the same object. React's type knows no custom properties. */
const BARS = Array.from({ length: 101 }, (_, filled) => ({ '--share': `${filled}%` }) as CSSProperties);

/** Its unit is quiet and of one width, so that digits stand below digits. */
function rate(key: ColumnKey, value: number, tone: string): ReactElement<CellProps> {
  const { digits, unit } = quantity(value, 'bytes/s');
  const content = (
    <>
      {digits}
      <span className="unit">{unit}</span>
    </>
  );
  return cell(key, tone, content);
}

export function Polled({ row }: { row: number }) {
  // An age grows by itself: it renders alone, and its row does not.
  const now = useFiveSeconds();
  const { rows } = fleet;
  const at = rows.polled[row] ?? Number.NaN;
  // Not known yet is not never.
  if (Number.isNaN(at) && !fleet.hasReadings()) return <span className="text-muted">{UNKNOWN}</span>;
  return <Age at={at} now={now} intervalMs={rows.intervalMs[row] ?? 60_000} />;
}

const Status = memo(function Status({ status, reason }: { status: DeviceStatus; reason: string }) {
  return (
    <>
      <StatusMark status={status} />
      {reason !== '' && (
        <span className="truncate text-xs text-muted" title={reason}>
          {reason}
        </span>
      )}
    </>
  );
});

function several(key: ColumnKey, texts: readonly string[]): ReactElement<CellProps> {
  const tags = texts.map((text) => (
    <span key={text} className="tag shrink-0">
      {text}
    </span>
  ));
  return cell(key, 'tags-cell', tags, texts.join(', '));
}
