// Which columns the fleet page knows: fields of the fleet's filter, those that sort, and those shown at first.
import type { FleetField } from '#shared/model/fleet-fields.ts';

/** In the order in which the chooser offers them. */
export const COLUMN_KEYS = [
  'status',
  'name',
  'customer',
  'site',
  'address',
  'hostname',
  'type',
  'system',
  'os',
  'serial',
  'user',
  'tag',
  'group',
  'relay',
  'transport',
  'cpu',
  'memory',
  'disk',
  'load',
  'rx',
  'tx',
  'uptime',
  'polled',
  'added',
] as const satisfies readonly FleetField[];
export type ColumnKey = (typeof COLUMN_KEYS)[number];

export const isColumnKey = (name: string): name is ColumnKey => COLUMN_KEYS.some((key) => key === name);

/** A device has several of these: no one of them could stand for its place. */
const UNSORTABLE: ReadonlySet<ColumnKey> = new Set(['tag', 'group']);
export const isSortable = (key: ColumnKey): boolean => !UNSORTABLE.has(key);

/** What a technician looks for first, on a screen of 1,440 px. */
export const USUAL_COLUMNS: readonly ColumnKey[] = [
  'status',
  'name',
  'site',
  'address',
  'cpu',
  'memory',
  'disk',
  'load',
  'rx',
  'tx',
  'uptime',
  'polled',
];

const NUMBERS: ReadonlySet<ColumnKey> = new Set([
  'cpu',
  'memory',
  'disk',
  'load',
  'rx',
  'tx',
  'uptime',
  'polled',
  'added',
]);
export const isNumberColumn = (key: ColumnKey): boolean => NUMBERS.has(key);

/** Words from A, times from the oldest, numbers from the largest: that is what one looks for first. */
export const isDescendingFirst = (key: ColumnKey): boolean => NUMBERS.has(key) && key !== 'polled' && key !== 'added';
