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

export class MixData {
  readonly devices: readonly DeviceId[];
  readonly columns: readonly MixColumn[];
  readonly sweeps: number;
  readonly hour: number;
  readonly samples: number;
  /** Columns of a device. */
  readonly width: number;
  /** Two runs with the same one had the same data. */
  readonly checksum: string;
  /** By sweep and device; of each device in order of time. */
  readonly #at: Float64Array;
  /** By sweep, device and column. */
  readonly #stored: Float64Array;

  constructor({ devices, hours, hour, seed = 1, columns: width = COLUMNS }: MixShape) {
    this.width = width;
    this.sweeps = hours * ROWS;
    this.hour = hour;
    this.#at = new Float64Array(this.sweeps * devices);
    this.#stored = new Float64Array(this.sweeps * devices * width);
    this.samples = this.#stored.length;
    const sweeps = pollsOfMix({ devices, columns: width, seed, from: hour * HOUR_MS });
    const places = new Map<DeviceId, number>();
    let columns: MixColumn[] = [];
    for (let sweep = 0; sweep < this.sweeps; sweep += 1)
      for (const poll of sweeps.next().value ?? []) {
        const place = places.get(poll.device) ?? places.size;
        if (places.size === 0) columns = poll.series.map(columnOf);
        places.set(poll.device, place);
        this.#keep(sweep * devices + place, poll);
      }
    this.devices = [...places.keys()];
    this.columns = columns;
    this.checksum = crc32(new Uint8Array(this.#stored.buffer), crc32(new Uint8Array(this.#at.buffer))).toString(16);
  }

  at(sweep: number, device: number): number {
    return this.#at[sweep * this.devices.length + device] ?? 0;
  }

  /** Whole seconds, as a scraper has them: what lies between costs a peer a byte a sample. */
  secondAt(sweep: number, device: number): number {
    return Math.floor(this.at(sweep, device) / 1_000);
  }

  stored(sweep: number, device: number, column: number): number {
    return this.#stored[(sweep * this.devices.length + device) * this.width + column] ?? 0;
  }

  /** The value that people know: what a peer keeps. */
  value(sweep: number, device: number, column: number): number {
    const known = this.columns[column];
    return known === undefined ? Number.NaN : fromStored(known.metric, this.stored(sweep, device, column));
  }

  /** A poll as a relay takes it. */
  poll(sweep: number, device: number, series: readonly Series[]): PollRecord {
    const from = (sweep * this.devices.length + device) * this.width;
    const values = Array.from(this.#stored.subarray(from, from + this.width));
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

  #keep(place: number, { at, values }: PollRecord): void {
    this.#at[place] = at;
    for (const [column, value] of values.entries()) this.#stored[place * this.width + column] = value ?? Number.NaN;
  }
}
