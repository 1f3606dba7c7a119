// What is shown, as a file: a line for each point of a chart or row of a table, times in UTC.
import { BYTE_ORDER_MARK, csvLine } from '#shared/base/csv-line.ts';

type Cell = string | number | null;

export interface ShownFile {
  /** Without the ending. */
  name: string;
  heading: readonly string[];
  rows: ReadonlyArray<readonly Cell[]>;
}

export type FileFormat = 'csv' | 'json';

/** An unknown value is an empty cell, and null in JSON: never a zero. */
export function fileText({ heading, rows }: ShownFile, format: FileFormat): string {
  if (format === 'csv')
    return BYTE_ORDER_MARK + [heading, ...rows.map((row) => row.map((cell) => cell ?? ''))].map(csvLine).join('');
  const named = rows.map((row) => Object.fromEntries(row.map((cell, index) => [heading[index] ?? '', cell])));
  return `${JSON.stringify(named, null, 1)}\n`;
}

interface Points {
  at: readonly number[];
  min: ReadonlyArray<number | null>;
  avg: ReadonlyArray<number | null>;
  max: ReadonlyArray<number | null>;
}

interface DevicePoints extends Points {
  device: string;
  deviceName: string;
  instance: string;
}

const VALUES = ['min', 'avg', 'max'] as const;
const timeOf = (at: number): string => new Date(at).toISOString();

export const linesFile = (metric: string, lines: readonly DevicePoints[]): ShownFile => ({
  name: metric,
  heading: ['time', 'device', 'id', 'instance', ...VALUES],
  rows: lines.flatMap(({ device, deviceName, instance, at, min, avg, max }) =>
    at.map((time, index) => [
      ...[timeOf(time), deviceName, device, instance],
      ...[min[index] ?? null, avg[index] ?? null, max[index] ?? null],
    ]),
  ),
});

export const sumFile = (metric: string, { at, min, avg, max, sum }: Points & { sum: Points['avg'] }): ShownFile => ({
  name: metric,
  heading: ['time', ...VALUES, 'sum'],
  rows: at.map((time, index) => [
    timeOf(time),
    ...[min[index] ?? null, avg[index] ?? null, max[index] ?? null, sum[index] ?? null],
  ]),
});

interface TopRow {
  device: string;
  deviceName: string;
  siteName: string;
  instance: string;
  value: number;
  at: number;
}

export const topFile = (metric: string, rows: readonly TopRow[]): ShownFile => ({
  name: metric,
  heading: ['place', 'device', 'id', 'site', 'instance', 'value', 'time'],
  rows: rows.map(({ device, deviceName, siteName, instance, value, at }, index) => [
    ...[index + 1, deviceName, device, siteName, instance, value, timeOf(at)],
  ]),
});

interface Whole {
  metric: string;
  /** None: all that `over` means. */
  devices: readonly string[];
  over: string;
  from: number;
  to: number;
}

/** Where every value behind what is shown is fetched, as a file that the console writes. */
export function wholePath({ metric, devices, over, from, to }: Whole, format: FileFormat): string {
  const of: Record<string, string> = devices.length > 0 ? { devices: devices.join(',') } : { over };
  const query = new URLSearchParams({ ...of, names: metric, from: String(from), to: String(to), format });
  return `/api/metrics/export?${query}`;
}
