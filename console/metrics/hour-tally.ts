// What frames said of each device's hour, as a sum that no order changes: sealed rows of the same sum hold the same, nothing less and nothing else.
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { Row } from '#shared/codec/delta-decoder.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { StoredSeries } from '#shared/day-files/day-store.ts';
import { storedSeries } from '#shared/day-files/stored-series.ts';
import type { Series } from '#shared/model/metric-catalogue.ts';

/** Of one device's hour. Every value counts with its series and its time, so that neither can be another one's. */
export interface Tally {
  rows: number;
  /** Known ones. */
  values: number;
  /** 32 bits. */
  sum: number;
}

const FNV_BEGIN = 0x81_1c_9d_c5;
const FNV_PRIME = 0x01_00_01_93;
/** Odd, and its bits are as good as drawn: times of a minute's distance differ in all bits. */
const GOLDEN = 0x9e_37_79_b1;
const HIGH = 2 ** -32;

/** Of frames: the lists of columns are shared by all devices of a chain that have the same. */
const ofLists = new WeakMap<readonly Series[], Int32Array>();

/** What a value of this series is multiplied by; odd, so that nothing of it is lost. */
export function weightOf({ name, instance, unit }: Pick<StoredSeries, 'name' | 'instance' | 'unit'>): number {
  const text = `${unit} ${name} ${instance}`;
  let hash = FNV_BEGIN;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash | 1;
}

function weightsOf(series: readonly Series[]): Int32Array {
  const known = ofLists.get(series);
  if (known !== undefined) return known;
  const made = Int32Array.from(series, (one) => weightOf(storedSeries(one)));
  ofLists.set(series, made);
  return made;
}

const timeWeight = (at: number): number => Math.imul((at % HOUR_MS) + 1, GOLDEN) | 1;

/** Of one chain, or of all chains of an hour. */
export class HourTally {
  readonly devices = new Map<DeviceId, Tally>();

  /** Rows of a frame that was read to its end. */
  take(rows: readonly Row[], values: Float64Array): void {
    for (const { device, at, series, from } of rows) {
      const weights = weightsOf(series);
      let sum = 0;
      let known = 0;
      for (let i = 0; i < weights.length; i += 1) {
        const value = values[from + i] ?? Number.NaN;
        if (Number.isNaN(value)) continue;
        known += 1;
        sum = (sum + Math.imul((value | 0) ^ ((value * HIGH) | 0), weights[i] ?? 0)) | 0;
      }
      this.#add(device, { rows: 1, values: known, sum: Math.imul(sum ^ known, timeWeight(at)) });
    }
  }

  add(other: HourTally): void {
    for (const [device, tally] of other.devices) this.#add(device, tally);
  }

  /** Values of all devices. */
  get values(): number {
    let values = 0;
    for (const one of this.devices.values()) values += one.values;
    return values;
  }

  #add(device: DeviceId, { rows, values, sum }: Tally): void {
    const known = this.devices.get(device);
    if (known === undefined) {
      this.devices.set(device, { rows, values, sum: sum | 0 });
      return;
    }
    known.rows += rows;
    known.values += values;
    known.sum = (known.sum + sum) | 0;
  }
}

/** By row, for one hour after the other. */
let room = { sums: new Int32Array(3_600), unknown: new Int32Array(3_600) };

function roomOf(rows: number): typeof room {
  if (rows > room.sums.length) room = { sums: new Int32Array(rows), unknown: new Int32Array(rows) };
  room.sums.fill(0, 0, rows);
  room.unknown.fill(0, 0, rows);
  return room;
}

/** Of a sealed hour; `weightAt` is asked for each number in it, and undefined is a series that nobody knows. */
export function tallyOf(hour: DeviceHour, weightAt: (number: number) => number | undefined): Tally {
  const { times, series, values } = hour;
  const rows = times.length;
  const { sums, unknown } = roomOf(rows);
  for (let column = 0, at = 0; column < series.length; column += 1) {
    const weight = weightAt(series[column] ?? 0) ?? 0;
    for (let row = 0; row < rows; row += 1, at += 1) {
      const value = values[at] ?? Number.NaN;
      if (Number.isNaN(value)) unknown[row] = (unknown[row] ?? 0) + 1;
      else sums[row] = ((sums[row] ?? 0) + Math.imul((value | 0) ^ ((value * HIGH) | 0), weight)) | 0;
    }
  }
  const tally: Tally = { rows, values: 0, sum: 0 };
  for (let row = 0; row < rows; row += 1) {
    const count = series.length - (unknown[row] ?? 0);
    tally.values += count;
    tally.sum = (tally.sum + Math.imul((sums[row] ?? 0) ^ count, timeWeight(times[row] ?? 0))) | 0;
  }
  return tally;
}

export const isSameTally = (a: Tally, b: Tally): boolean =>
  a.rows === b.rows && a.values === b.values && a.sum === b.sum;
