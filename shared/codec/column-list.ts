// The columns of a device as the chain knows them: the shared series array, which of them are counters, and their encoded form.
import { MAX_INSTANCE_BYTES, MAX_SERIES_PER_DEVICE, metricById, type Series } from '#shared/model/metric-catalogue.ts';
import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { MAX_LIST_BYTES } from './delta-format.ts';
import { malformed } from './malformed.ts';

export interface ColumnList {
  /** One array object for all records that have these columns. */
  readonly series: readonly Series[];
  /** 1 for a counter, 0 for a gauge. The frame says which, so that no decoder needs the encoder's catalogue. */
  readonly isCounter: Uint8Array;
  /** Length of the encoded form. */
  readonly bytes: number;
}

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The list for a poll's series, or the sentence that says which bound they break. */
export function columnListOf(series: readonly Series[]): ColumnList | string {
  if (series.length > MAX_SERIES_PER_DEVICE) return `${series.length} series, more than ${MAX_SERIES_PER_DEVICE}`;
  const isCounter = new Uint8Array(series.length);
  const seen = new Set<string>();
  let bytes = 5;
  for (const [i, { metric, instance }] of series.entries()) {
    const known = metricById(metric);
    if (known === undefined) return `metric ${metric} is not in the catalogue`;
    const size = utf8.encode(instance).length;
    if (size > MAX_INSTANCE_BYTES)
      return `an instance of ${known.name} has ${size} bytes, more than ${MAX_INSTANCE_BYTES}`;
    if (/\p{Surrogate}/u.test(instance)) return `an instance of ${known.name} is not well-formed text`;
    const key = `${metric} ${instance}`;
    if (seen.has(key)) return `${known.name} of "${instance}" appears twice`;
    seen.add(key);
    isCounter[i] = known.kind === 'counter' ? 1 : 0;
    bytes += 6 + size;
  }
  if (bytes > MAX_LIST_BYTES) return `series names of ${bytes} bytes, more than ${MAX_LIST_BYTES}`;
  return { series, isCounter, bytes };
}

/** By reference first: pollers keep one array as long as the columns do not change. */
export function isSameSeries(a: readonly Series[], b: readonly Series[]): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every(({ metric, instance }, i) => metric === b[i]?.metric && instance === b[i]?.instance)
  );
}

export function writeColumnList(writer: BitWriter, list: ColumnList): void {
  writer.varint(list.series.length);
  for (const [i, { metric, instance }] of list.series.entries()) {
    writer.varint(metric * 2 + (list.isCounter[i] ?? 0));
    const name = utf8.encode(instance);
    writer.bits(name.length, 8);
    writer.bytes(name);
  }
}

export function readColumnList(reader: BitReader): ColumnList {
  const count = reader.varint();
  // A column takes two bytes at least: a count that the bytes cannot hold is refused before anything is made for it.
  if (count > MAX_SERIES_PER_DEVICE || count * 16 > reader.left) throw malformed('too many columns');
  const start = reader.offset;
  const series: Series[] = [];
  const seen = new Set<string>();
  const isCounter = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) {
    const code = reader.varint();
    const metric = code >>> 1;
    const instance = readText(reader.bytes(reader.bits(8)));
    const key = `${metric} ${instance}`;
    if (seen.has(key)) throw malformed('a column appears twice');
    seen.add(key);
    isCounter[i] = code & 1;
    series.push({ metric, instance });
  }
  const bytes = reader.offset - start + 5;
  if (bytes > MAX_LIST_BYTES) throw malformed('a column list is too long');
  return { series, isCounter, bytes };
}

function readText(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw malformed('a column name is not UTF-8');
  }
}
