// The hard mix of metrics as arrays: the same seeded samples for our console and for every peer, with a checksum that says so.
import { crc32 } from 'node:zlib';
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { fromStored, type Metric, metricById, type Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';

/** Polls of a device in an hour. */
export const ROWS = 60;
const COLUMNS = 40;

export interface MixColumn {
  metric: Metric;
  series: Series;
  /** As a label or a field of a peer may be written: "filesystem_used". */
  name: string;
}

export interface MixShape {
  devices: number;
  /** Of data, from `hour` on. */
  hours: number;
  /** Whole hours since 1970-01-01 UTC. */
  hour: number;
  seed?: number;
  /** 40 unless given; 30 are a smaller server. */
  columns?: 30 | 40;
}

function columnOf(series: Series): MixColumn {
  const metric = metricById(series.metric);
  if (metric === undefined) throw new Error(`no metric ${series.metric}`);
  return { metric, series, name: metric.name.replaceAll('.', '_') };
}

interface MixValues {
  columns: readonly MixColumn[];
  devices: readonly DeviceId[];
  /** Milliseconds since the data's first hour began, by sweep and device; of each device in order of time. */
  at: Float64Array;
  /** By sweep, device and column. */
  stored: Float64Array;
}

export class MixData {
  readonly devices: readonly DeviceId[];
  readonly columns: readonly MixColumn[];
  readonly sweeps: number;
  readonly hour: number;
  readonly samples: number;
  /** Columns of a device. */
  readonly width: number;
  readonly #values: MixValues;

  constructor(shape: Pick<MixShape, 'hours' | 'hour'>, values: MixValues) {
    this.hour = shape.hour;
    this.sweeps = shape.hours * ROWS;
    this.devices = values.devices;
    this.columns = values.columns;
    this.width = values.columns.length;
    this.samples = values.stored.length;
    this.#values = values;
  }

  /** Two runs with the same one had the same data, whenever it was said to be from. */
  get checksum(): string {
    const { at, stored } = this.#values;
    return crc32(new Uint8Array(stored.buffer), crc32(new Uint8Array(at.buffer))).toString(16);
  }

  /** The same data of other devices, which shares its memory. */
  of(devices: readonly DeviceId[]): MixData {
    if (devices.length !== this.devices.length) throw new Error('as many devices as before');
    return new MixData({ hours: this.sweeps / ROWS, hour: this.hour }, { ...this.#values, devices });
  }

  at(sweep: number, device: number): number {
    return this.hour * HOUR_MS + (this.#values.at[sweep * this.devices.length + device] ?? 0);
  }

  /** Whole seconds, as a scraper has them: what lies between costs a peer a byte a sample. */
  secondAt(sweep: number, device: number): number {
    return Math.floor(this.at(sweep, device) / 1_000);
  }

  stored(sweep: number, device: number, column: number): number {
    return this.#values.stored[(sweep * this.devices.length + device) * this.width + column] ?? 0;
  }

  /** The value that people know: what a peer keeps. */
  value(sweep: number, device: number, column: number): number {
    const known = this.columns[column];
    return known === undefined ? Number.NaN : fromStored(known.metric, this.stored(sweep, device, column));
  }

  /** A poll as a relay takes it. */
  poll(sweep: number, device: number, series: readonly Series[]): PollRecord {
    const from = (sweep * this.devices.length + device) * this.width;
    const values = Array.from(this.#values.stored.subarray(from, from + this.width));
    return { device: this.devices[device] as DeviceId, at: this.at(sweep, device), series, values }; // a place of ours
  }

  /** The hour's columns, its series numbered as they stand. */
  deviceHour(hour: number, device: number): DeviceHour {
    const [times, values] = [new Float64Array(ROWS), new Float64Array(ROWS * this.width)];
    for (let row = 0; row < ROWS; row += 1) {
      const sweep = hour * ROWS + row;
      times[row] = this.at(sweep, device);
      for (let column = 0; column < this.width; column += 1)
        values[column * ROWS + row] = this.stored(sweep, device, column);
    }
    return { times, series: Uint32Array.from({ length: this.width }, (_, column) => column), values };
  }
}

export function mixData(shape: MixShape): MixData {
  const { devices, hours, hour, seed = 1, columns: width = COLUMNS } = shape;
  const at = new Float64Array(hours * ROWS * devices);
  const stored = new Float64Array(at.length * width);
  const sweeps = pollsOfMix({ devices, columns: width, seed, from: hour * HOUR_MS });
  const places = new Map<DeviceId, number>();
  let columns: MixColumn[] = [];
  for (let sweep = 0; sweep < hours * ROWS; sweep += 1)
    for (const poll of sweeps.next().value ?? []) {
      if (places.size === 0) columns = poll.series.map(columnOf);
      const known = places.get(poll.device) ?? places.size;
      places.set(poll.device, known);
      const place = sweep * devices + known;
      at[place] = poll.at - hour * HOUR_MS;
      for (const [column, value] of poll.values.entries()) stored[place * width + column] = value ?? Number.NaN;
    }
  return new MixData(shape, { columns, devices: [...places.keys()], at, stored });
}
