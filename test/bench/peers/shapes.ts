// The same samples in the forms that peers take: Influx lines, Prometheus remote write, VictoriaMetrics' lines of 60 samples, rows.
import { compress } from 'snappyjs';
import { type MixData, ROWS } from '#test/bench/mix-data.ts';
import { ProtoWriter } from './proto-writer.ts';

/** The sweeps, and of each the devices from `from` up to `to`. */
export interface Slice {
  sweep: number;
  from: number;
  to: number;
}

/** One line a poll, all columns its fields: the shortest form that Influx' protocol has for it. */
export function influxLines(data: MixData, { sweep, from, to }: Slice): string {
  const fields = data.columns.map(({ name, series }) => `${name}${series.instance.replaceAll('/', '_')}=`);
  let lines = '';
  for (let device = from; device < to; device += 1) {
    lines += `m,device=${device} ${fields[0]}${data.value(sweep, device, 0)}`;
    for (let column = 1; column < data.width; column += 1)
      lines += `,${fields[column]}${data.value(sweep, device, column)}`;
    lines += ` ${data.secondAt(sweep, device)}000000000\n`;
  }
  return lines;
}

const labels = new WeakMap<MixData, Map<number, Uint8Array>>();

/** The labels of a series never change: they are written once. */
function labelsOf(data: MixData, device: number, column: number): Uint8Array {
  const known = labels.get(data) ?? new Map<number, Uint8Array>();
  labels.set(data, known);
  const key = device * data.width + column;
  const found = known.get(key);
  if (found !== undefined) return found;
  const { name = '', series } = data.columns[column] ?? {};
  const pairs: Array<[string, string]> = [
    ['__name__', name],
    ['device', `${device}`],
    ['instance', series?.instance ?? ''],
  ];
  const writer = new ProtoWriter(256);
  for (const [label, value] of pairs) {
    if (value === '') continue;
    const pair = new ProtoWriter(64);
    pair.text(1, label);
    pair.text(2, value);
    writer.bytes(1, pair.take());
  }
  const bytes = writer.take().slice();
  known.set(key, bytes);
  return bytes;
}

const LARGEST_SERIES = 200;

/** Prometheus' remote write 1.0: a sample of each series, compressed with Snappy. */
export function remoteWrite(data: MixData, { sweep, from, to }: Slice): Uint8Array {
  const writer = new ProtoWriter((to - from) * data.width * LARGEST_SERIES);
  const sample = new ProtoWriter(32);
  for (let device = from; device < to; device += 1)
    for (let column = 0; column < data.width; column += 1) {
      sample.double(1, data.value(sweep, device, column));
      sample.varint(2, data.secondAt(sweep, device) * 1_000);
      const [series, one] = [labelsOf(data, device, column), sample.take()];
      writer.head(1, series.length + one.length + 2);
      writer.raw(series);
      writer.bytes(2, one);
    }
  return compress(writer.take());
}

/** VictoriaMetrics' /api/v1/import: the 60 samples of an hour of each series of a device. */
export function importLines(data: MixData, hour: number, device: number): string {
  let lines = '';
  const rows = Array.from({ length: ROWS }, (_, row) => hour * ROWS + row);
  const timestamps = rows.map((sweep) => data.secondAt(sweep, device) * 1_000).join(',');
  for (const [column, { name, series }] of data.columns.entries()) {
    const values = rows.map((sweep) => data.value(sweep, device, column)).join(',');
    const instance = series.instance === '' ? '' : `,"instance":"${series.instance}"`;
    lines += `{"metric":{"__name__":"${name}","device":"${device}"${instance}},"values":[${values}],"timestamps":[${timestamps}]}\n`;
  }
  return lines;
}

/** PostgreSQL's COPY of (series, at, value). */
export function copyRows(data: MixData, { sweep, from, to }: Slice): string {
  let rows = '';
  for (let device = from; device < to; device += 1)
    for (let column = 0; column < data.width; column += 1)
      rows += `${device * data.width + column}\t${data.secondAt(sweep, device)}\t${data.value(sweep, device, column)}\n`;
  return rows;
}
