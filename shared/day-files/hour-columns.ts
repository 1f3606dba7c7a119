// The columns of a device's hour in natural units, with what counters rose by from row to row: what derived values are reckoned from.
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { metricByName } from '#shared/model/metric-catalogue.ts';
import { seriesKey } from '#shared/model/series-key.ts';
import type { StoredSeries } from './day-store.ts';

/** What the numbers in a chunk stand for. The same function for the same dictionary: what is worked out of it is kept by it. */
export type SeriesLookup = (number: number) => StoredSeries | undefined;

/** A row that stands before an hour: without it nobody knows what the first row's counters rose by. */
export interface FormerRow {
  seriesOf: SeriesLookup;
  series: Uint32Array;
  /** Stored numbers, parallel to `series`; NaN where none was read. */
  values: Float64Array;
}

/** The last row of an hour, for the one after it. */
export function lastRowOf({ times, series, values }: DeviceHour, seriesOf: SeriesLookup): FormerRow {
  const last = new Float64Array(series.length);
  for (let column = 0; column < series.length; column += 1)
    last[column] = values[(column + 1) * times.length - 1] ?? Number.NaN;
  return { seriesOf, series, values: last };
}

/** Which column holds what: worked out once for all hours with the same series. */
export interface ColumnIndex {
  columns: ReadonlyArray<StoredSeries | undefined>;
  byKey: ReadonlyMap<string, number>;
  /** Instances of each scope of the catalogue. */
  instances: ReadonlyMap<string, readonly string[]>;
}

/**
 * Devices of one kind share a list of series. At the bound the knowledge begins anew: 6 KB for each list of 40 series, and a dictionary
 * lives as long as the file of its day is open.
 */
const MAX_KEPT = 256;
const kept = new WeakMap<SeriesLookup, KeptIndexes>();

interface KeptIndexes {
  byName: Map<string, ColumnIndex>;
  /** Of the newest list: as a rule the next device has the same, and no text is made of it. */
  last: { series: Uint32Array; index: ColumnIndex } | undefined;
}

export function indexOf(series: Uint32Array, seriesOf: SeriesLookup): ColumnIndex {
  const own: KeptIndexes = kept.get(seriesOf) ?? { byName: new Map<string, ColumnIndex>(), last: undefined };
  kept.set(seriesOf, own);
  const { last, byName } = own;
  if (last !== undefined && isSame(last.series, series)) return last.index;
  const name = series.join();
  const known = byName.get(name);
  const index = known ?? makeIndex(Array.from(series, (number) => seriesOf(number)));
  // A number that means nothing yet may mean something later.
  if (index.columns.includes(undefined)) return index;
  if (known === undefined) {
    if (byName.size >= MAX_KEPT) byName.clear();
    byName.set(name, index);
  }
  own.last = { series: series.slice(), index };
  return index;
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

function makeIndex(columns: ReadonlyArray<StoredSeries | undefined>): ColumnIndex {
  const byKey = new Map<string, number>();
  const instances = new Map<string, string[]>();
  for (const [column, one] of columns.entries()) {
    if (one === undefined) continue;
    byKey.set(seriesKey(one.name, one.instance), column);
    const scope = metricByName(one.name)?.scope;
    if (scope === undefined) continue;
    const some = instances.get(scope) ?? [];
    instances.set(scope, some);
    if (!some.includes(one.instance)) some.push(one.instance);
  }
  return { columns, byKey, instances };
}

/** As shared/model/metric-catalogue.ts has it: exact where the resolution or its inverse is whole. */
const naturalOf = (stored: number, resolution: number): number =>
  resolution < 1 ? stored / Math.round(1 / resolution) : stored * resolution;

/** 256 columns of an hour of a poll a minute are 120 KB. */
const COLUMNS_AT_ONCE = 256;

const NONE = new Float64Array(0);

/** Where columns are cut from: making an array for each takes as long as filling it. */
export class ColumnRoom {
  #room = NONE;
  #used = 0;
  /** What was cut, in order, for hours of as many rows: a view costs a third of a microsecond, and an hour has sixty. */
  #cuts: Float64Array[] = [];
  #next = 0;

  /** What was cut before may be written over. */
  clear(): void {
    this.#next = 0;
  }

  cut(rows: number): Float64Array {
    if (this.#cuts[0]?.length !== rows && this.#next === 0) {
      this.#cuts = [];
      this.#used = 0;
    }
    const known = this.#cuts[this.#next];
    this.#next += 1;
    if (known?.length === rows) return known;
    const made = this.#cutAnew(rows);
    this.#cuts[this.#next - 1] = made;
    return made;
  }

  #cutAnew(rows: number): Float64Array {
    if (this.#used + rows > this.#room.length) {
      this.#room = new Float64Array(rows * COLUMNS_AT_ONCE);
      this.#used = 0;
    }
    this.#used += rows;
    return new Float64Array(this.#room.buffer, (this.#used - rows) * 8, rows);
  }
}

export class HourColumns {
  readonly rows: number;
  readonly index: ColumnIndex;
  readonly #hour: DeviceHour;
  readonly #former: FormerRow | undefined;
  readonly #formerIndex: ColumnIndex | undefined;
  readonly #room: ColumnRoom;
  readonly #natural: Array<Float64Array | undefined>;
  readonly #rises: Array<Float64Array | undefined>;
  #elapsedMs: Float64Array | undefined;

  constructor(
    hour: DeviceHour,
    seriesOf: SeriesLookup,
    former: FormerRow | undefined,
    room: ColumnRoom = new ColumnRoom(),
  ) {
    this.#room = room;
    this.rows = hour.times.length;
    this.index = indexOf(hour.series, seriesOf);
    this.#hour = hour;
    this.#former = former;
    this.#formerIndex = former === undefined ? undefined : indexOf(former.series, former.seriesOf);
    this.#natural = new Array(hour.series.length).fill(undefined);
    this.#rises = new Array(hour.series.length).fill(undefined);
  }

  columnOf(name: string, instance: string): number | undefined {
    return this.index.byKey.get(seriesKey(name, instance));
  }

  /** A column to fill. */
  make(): Float64Array {
    return this.#room.cut(this.rows);
  }

  /** Stored numbers as they are. */
  stored(column: number): Float64Array {
    return this.#hour.values.subarray(column * this.rows, (column + 1) * this.rows);
  }

  natural(column: number): Float64Array {
    const known = this.#natural[column];
    if (known !== undefined) return known;
    const resolution = this.index.columns[column]?.resolution ?? 1;
    const stored = this.stored(column);
    const made = resolution === 1 ? stored : scale(stored, resolution, this.make());
    this.#natural[column] = made;
    return made;
  }

  /** The column's value in the row before the hour, in natural units; NaN where it is not known. */
  former(column: number): number {
    const one = this.index.columns[column];
    if (one === undefined || this.#former === undefined) return Number.NaN;
    // As a rule the hour before has the same series.
    if (this.#formerIndex === this.index) return naturalOf(this.#former.values[column] ?? Number.NaN, one.resolution);
    return this.#formerOf(one.name, one.instance);
  }

  #formerOf(name: string, instance: string): number {
    const then = this.#formerIndex?.byKey.get(seriesKey(name, instance));
    if (then === undefined) return Number.NaN;
    return naturalOf(this.#former?.values[then] ?? Number.NaN, this.#formerIndex?.columns[then]?.resolution ?? 1);
  }

  /** What a counter rose by since the row before, in natural units; NaN at a reset, a reboot and where either is unknown. */
  rises(column: number): Float64Array {
    const known = this.#rises[column];
    if (known !== undefined) return known;
    const made = this.make();
    const values = this.natural(column);
    const elapsed = this.elapsedMs();
    let former = this.former(column);
    for (let row = 0; row < made.length; row += 1) {
      const value = values[row] ?? Number.NaN;
      const rise = value - former;
      made[row] = rise >= 0 && (elapsed[row] ?? 0) > 0 ? rise : Number.NaN;
      former = value;
    }
    this.#rises[column] = made;
    return made;
  }

  /** The device's own time since the row before; NaN where it is another boot or the device does not tell. */
  elapsedMs(): Float64Array {
    this.#elapsedMs ??= this.#elapsed();
    return this.#elapsedMs;
  }

  #elapsed(): Float64Array {
    const made = this.make().fill(Number.NaN);
    const uptimeColumn = this.columnOf('system.uptime', '');
    if (uptimeColumn === undefined) return made;
    const bootColumn = this.columnOf('system.boot', '');
    const uptime = this.natural(uptimeColumn);
    const boot = bootColumn === undefined ? undefined : this.natural(bootColumn);
    let bootThen = this.#formerOf('system.boot', '');
    let then = this.former(uptimeColumn);
    for (let row = 0; row < made.length; row += 1) {
      const now = uptime[row] ?? Number.NaN;
      const bootNow = boot?.[row] ?? Number.NaN;
      const isOther = bootNow < bootThen || bootNow > bootThen;
      if (!isOther && now > then) made[row] = now - then;
      then = now;
      bootThen = bootNow;
    }
    return made;
  }
}

function scale(stored: Float64Array, resolution: number, made: Float64Array): Float64Array {
  if (resolution < 1) {
    const parts = Math.round(1 / resolution);
    for (let row = 0; row < made.length; row += 1) made[row] = (stored[row] ?? Number.NaN) / parts;
  } else for (let row = 0; row < made.length; row += 1) made[row] = (stored[row] ?? Number.NaN) * resolution;
  return made;
}
