// What both ends remember of one device between its records.
import type { DeviceId } from '#shared/base/id.ts';
import type { ColumnList } from './column-list.ts';
import { ColumnModel } from './column-model.ts';

/** About 0.4 KiB and 44 bytes a column: 1.7 KiB for 30 series. */
export interface DeviceChain {
  readonly device: DeviceId;
  columns: ColumnList;
  model: ColumnModel;
  /** Time of the newest record. */
  at: number;
  /** Which columns were known in the newest record; undefined when all were. */
  present: Uint8Array | undefined;
}

export function beginDevice(device: DeviceId, columns: ColumnList, at: number): DeviceChain {
  return { device, columns, model: new ColumnModel(columns.isCounter), at, present: undefined };
}

export const isPresent = (present: Uint8Array | undefined, column: number): boolean =>
  present === undefined || present[column] === 1;

/** The poll interval is learned as one more gauge column, behind the others. */
export const intervalColumn = (columns: ColumnList): number => columns.isCounter.length;
