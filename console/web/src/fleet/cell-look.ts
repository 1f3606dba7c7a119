// What a column says of a device: a word, a number, a share, a rate, a state, an age, several words. `cell-view.ts` draws it.
import { percent, quantity } from '#console/web/src/text/format.ts';
import { dateOf } from '#console/web/src/text/time.ts';
import { uptimeText } from '#console/web/src/ui/age.tsx';
import { isHigh } from '#console/web/src/ui/meter.tsx';
import type { DeviceStatus } from '#shared/model/device.ts';
import type { ColumnKey } from './column-list.ts';
import { addressOf, type FleetRows, groupsOf, isAwayRow, statusOf, tagsOf } from './fleet-rows.ts';
import { reasonText, systemText, transportText, typeText } from './value-text.ts';

export type CellLook =
  /** `title` shows what a narrow column cuts off. */
  | { kind: 'text'; tone: string; text: string; title: string }
  /** The number carries the meaning; where there is room the cell draws a bar of so many percent before it. */
  | { kind: 'share'; tone: string; text: string; title: string; filled: number }
  | { kind: 'rate'; tone: string; digits: string; unit: string }
  | { kind: 'status'; status: DeviceStatus; isAway: boolean; reason: string }
  | { kind: 'polled'; at: number; intervalMs: number }
  | { kind: 'several'; texts: readonly string[] };
export type CellKind = CellLook['kind'];
export type LookOf<Kind extends CellKind> = Extract<CellLook, { kind: Kind }>;

type NumberKey = 'load' | 'uptime' | 'added';
type WordKey = Exclude<
  ColumnKey,
  NumberKey | 'status' | 'tag' | 'group' | 'cpu' | 'memory' | 'disk' | 'rx' | 'tx' | 'polled'
>;

/** A column keeps its kind, so that its cells keep their nodes. */
export function kindOf(key: ColumnKey): CellKind {
  switch (key) {
    case 'status':
    case 'polled':
      return key;
    case 'tag':
    case 'group':
      return 'several';
    case 'cpu':
    case 'memory':
    case 'disk':
      return 'share';
    case 'rx':
    case 'tx':
      return 'rate';
    default:
      return 'text';
  }
}

export function lookOf(key: ColumnKey, rows: FleetRows, row: number): CellLook {
  switch (key) {
    case 'status':
      return {
        ...{ kind: 'status', status: statusOf(rows, row), isAway: isAwayRow(rows, row) },
        reason: reasonText(rows.words.at(rows.reason[row])),
      };
    case 'tag':
      return { kind: 'several', texts: tagsOf(rows, row) };
    case 'group':
      return { kind: 'several', texts: groupsOf(rows, row) };
    case 'cpu':
    case 'memory':
    case 'disk':
      return share(key, rows, row);
    case 'rx':
    case 'tx':
      return { kind: 'rate', tone: toneOf(rows, row), ...quantity(rows[key][row], 'bytes/s') };
    case 'polled':
      return { kind: 'polled', at: numberIn(rows.polled, row), intervalMs: rows.intervalMs[row] ?? 60_000 };
    case 'load':
    case 'uptime':
    case 'added':
      return number(key, rows, row);
    default: {
      const text = wordsOf(key, rows, row);
      return { kind: 'text', tone: 'muted', text, title: text };
    }
  }
}

const numberIn = (values: Float64Array, row: number): number => values[row] ?? Number.NaN;

/** Numbers of a device that does not answer are the last ones known, and stand back. */
const toneOf = (rows: FleetRows, row: number): string => (statusOf(rows, row) === 'up' ? 'number' : 'number muted');

function share(key: 'cpu' | 'memory' | 'disk', rows: FleetRows, row: number): CellLook {
  const ratio = numberIn(rows[key], row);
  const filled = Number.isFinite(ratio) ? Math.min(100, Math.max(0, Math.round(ratio * 100))) : 0;
  const isDim = statusOf(rows, row) !== 'up';
  const tone = `number share-cell${isHigh(ratio) ? ' high' : ''}${isDim ? ' muted' : ''}`;
  const title = key === 'disk' ? rows.words.at(rows.mount[row]) : '';
  return { kind: 'share', tone, text: percent(ratio), title, filled };
}

function number(key: NumberKey, rows: FleetRows, row: number): CellLook {
  const value = numberIn(rows[key], row);
  const look = { kind: 'text', tone: toneOf(rows, row), title: '' } as const;
  switch (key) {
    case 'load':
      return { ...look, text: quantity(value, 'load').digits };
    case 'uptime':
      return { ...look, text: uptimeText(value) };
    case 'added':
      return { ...look, tone: 'number muted', text: dateOf(value) };
  }
}

function wordsOf(key: WordKey, rows: FleetRows, row: number): string {
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
    case 'transport':
      return transportText(rows.words.at(rows.transport[row]));
    case 'os':
    case 'user':
      return rows.words.at(rows[key][row]);
  }
}
