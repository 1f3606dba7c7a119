// The fleet in columns, one array per field: ten thousand live devices cost no object per row and one notice per frame.
import { compileFilter } from '#shared/base/filter/compile-filter.ts';
import { ANY_SEARCHED_FIELD, type Filter, fieldsOf } from '#shared/base/filter/filter.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { Change, DeviceChange, GlancesChange } from '#shared/model/change.ts';
import type { DeviceStatus } from '#shared/model/device.ts';
import {
  type FleetAnswer,
  type FleetRows,
  fleetRows,
  GLANCE_FIELDS,
  hasReadings,
  keepNewer,
  noRows,
  STATUS_ORDER,
  takeReadings,
  timeOf,
} from './fleet-rows.ts';
import { IdIndex } from './id-index.ts';
import { RowOrder } from './row-order.ts';
import { isNumberField, RowTexts } from './row-texts.ts';
import { NONE } from './words.ts';

export interface FleetQuery {
  filter: Filter;
  /** A field of the fleet. */
  sort: string;
  isDescending: boolean;
}

/** Rows that jump while one reads them are worse than an order some seconds old. */
const REORDER_MS = 5_000;

/** Answers to filters that are kept, and for how long at most: ages move though nothing is heard. */
const FITTING_KEPT = 16;
const FITTING_MS = 1_000;

interface FleetDeps {
  /** Calls back once, at the next frame. */
  frame: (callback: () => void) => void;
  /** Milliseconds that only ever go on. */
  now: () => number;
  /** The console's time of day, which ages count from. */
  consoleNow: () => number;
}

export class FleetStore {
  readonly #deps: FleetDeps;
  readonly #listeners = new Set<() => void>();
  readonly #marks = new Map<string, Uint8Array>();
  #rows: FleetRows = noRows();
  /** Made when something is first looked up: the first rows are drawn before. */
  #index: IdIndex | undefined;
  #texts = new RowTexts(this.#rows, this.#marks);
  #order = new RowOrder(this.#rows);
  /** Several parts of a page ask the same: what fitted, by the filter's form, until something changes. */
  readonly #fitting = new Map<string, readonly number[]>();
  #fittingAt = 0;
  /** The one asked for last; compared by identity. */
  #query: FleetQuery | undefined;
  #view: readonly number[] = [];
  #isDirty = true;
  #orderedAt = 0;
  #isScheduled = false;
  #loads = 0;
  #statusChanges = 0;
  #hasReadings = false;

  constructor(deps: FleetDeps) {
    this.#deps = deps;
  }

  /** Called once per frame in which something changed. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get rows(): FleetRows {
    return this.#rows;
  }

  /** Grows with each load: rows have new places, texts may be others. 0 before the first. */
  readonly loads = (): number => this.#loads;
  /** Grows when a status changed, so that counts are made anew only then. */
  readonly statusChanges = (): number => this.#statusChanges;

  /** False while the rows stand and their numbers are still on the way. */
  readonly hasReadings = (): boolean => this.#hasReadings;

  rowOf(id: string): number | undefined {
    this.#index ??= new IdIndex(this.#rows.id);
    return this.#index.rowOf(id);
  }

  /** Rows that fit, in order; the same list until it moves. */
  view(query: FleetQuery): readonly number[] {
    const now = this.#deps.now();
    const isOld = now - this.#orderedAt >= REORDER_MS && isMoving(query);
    if (query === this.#query && !this.#isDirty && !isOld) return this.#view;
    this.#query = query;
    this.#isDirty = false;
    this.#orderedAt = now;
    const next = this.#order.sort(this.fitting(query.filter), query.sort, query.isDescending);
    if (!isSame(next, this.#view)) this.#view = next;
    return this.#view;
  }

  /** Rows that fit, by name. */
  fitting(filter: Filter): readonly number[] {
    const { byName } = this.#order;
    if (filter.type === 'all' && filter.of.length === 0) return byName;
    const now = this.#deps.now();
    if (now - this.#fittingAt >= FITTING_MS || this.#fitting.size >= FITTING_KEPT) this.#forgetFitting(now);
    const form = JSON.stringify(filter);
    const known = this.#fitting.get(form);
    if (known !== undefined) return known;
    const made = byName.filter(compileFilter(filter, this.#texts, this.#deps.consoleNow()));
    this.#fitting.set(form, made);
    return made;
  }

  #forgetFitting(now: number): void {
    this.#fitting.clear();
    this.#fittingAt = now;
  }

  counts(): Record<DeviceStatus, number> {
    const counts = { up: 0, down: 0, unknown: 0, 'identity-changed': 0 };
    for (const code of this.#rows.status) counts[STATUS_ORDER[code] ?? 'unknown'] += 1;
    return counts;
  }

  /** Takes the whole fleet; what the feed said later stays. */
  load(answer: FleetAnswer): void {
    const rows = fleetRows(answer);
    keepNewer(rows, this.#rows, (id) => this.rowOf(id));
    this.#rows = rows;
    this.#index = undefined;
    this.#hasReadings = hasReadings(answer);
    // Their places are of the former rows; whoever asked for them asks again.
    this.#marks.clear();
    this.#texts = new RowTexts(rows, this.#marks);
    this.#order = new RowOrder(rows);
    this.#loads += 1;
    this.#statusChanges += 1;
    this.#isDirty = true;
    this.#tell();
  }

  /** Takes the readings of the rows that stand; false when they are of others. */
  loadReadings(answer: FleetAnswer): boolean {
    if (!takeReadings(this.#rows, answer)) return false;
    this.#hasReadings = true;
    // They keep texts and orders, and host names, users and serial numbers came along.
    this.#texts = new RowTexts(this.#rows, this.#marks);
    this.#order = new RowOrder(this.#rows);
    this.#isDirty = true;
    this.#tell();
    return true;
  }

  /** Devices that fit a term which only the console can answer; `term` stands in the filter as a field. */
  mark(term: string, ids: Iterable<string>): void {
    const marks = new Uint8Array(this.#rows.size);
    for (const id of ids) {
      const row = this.rowOf(id);
      if (row !== undefined) marks[row] = 1;
    }
    this.#marks.set(term, marks);
    this.#isDirty = true;
    this.#tell();
  }

  /** Takes what the feed says; false when a device of it is one that no load has named yet. */
  take(change: Change): boolean {
    if (change.kind === 'glances') return this.takeGlances(change);
    return change.kind === 'device' ? this.takeStatus(change) : true;
  }

  takeGlances(change: GlancesChange): boolean {
    const { taken, areKnown } = this.#newer(change);
    // Field by field: a thousand rows lie apart in memory, and a loop over one array waits for many of them at once.
    for (const field of GLANCE_FIELDS) put(this.#rows[field], change[field], taken);
    this.#putMounts(change.mount, taken);
    this.#tell();
    return areKnown;
  }

  /** The row of each device of a change, NONE where what stands is newer. */
  #newer({ device, at }: GlancesChange): { taken: Int32Array; areKnown: boolean } {
    const { polled, stamp } = this.#rows;
    const taken = new Int32Array(device.length).fill(NONE);
    let areKnown = true;
    for (let i = 0; i < device.length; i += 1) {
      const row = this.rowOf(device[i] ?? '');
      const time = at[i] ?? 0;
      if (row === undefined) areKnown = false;
      else if (timeOf(polled[row]) <= time) {
        polled[row] = time;
        stamp[row] = (stamp[row] ?? 0) + 1;
        taken[i] = row;
      }
    }
    return { taken, areKnown };
  }

  #putMounts(mounts: readonly string[], taken: Int32Array): void {
    const { words, mount } = this.#rows;
    for (let i = 0; i < taken.length; i += 1) {
      const row = taken[i] ?? NONE;
      const text = mounts[i] ?? '';
      if (row !== NONE && text !== words.at(mount[row])) mount[row] = words.placeOf(inert(text));
    }
  }

  takeStatus(change: DeviceChange): boolean {
    const row = this.rowOf(change.device);
    if (row === undefined) return false;
    const rows = this.#rows;
    if (timeOf(rows.statusAt[row]) > change.at) return true;
    const code = STATUS_ORDER.indexOf(change.status);
    if (rows.status[row] !== code) this.#statusChanges += 1;
    rows.status[row] = code;
    rows.reason[row] = rows.words.placeOf(change.reason ?? '');
    rows.statusAt[row] = change.at;
    rows.stamp[row] = (rows.stamp[row] ?? 0) + 1;
    this.#isDirty = true;
    this.#tell();
    return true;
  }

  #tell(): void {
    this.#fitting.clear();
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#deps.frame(() => {
      this.#isScheduled = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

function put(field: Float64Array, values: ReadonlyArray<number | null>, taken: Int32Array): void {
  for (let i = 0; i < taken.length; i += 1) {
    const row = taken[i] ?? NONE;
    if (row !== NONE) field[row] = values[i] ?? Number.NaN;
  }
}

const moving = new WeakMap<FleetQuery, boolean>();

/** Does it hold numbers that move by themselves? Ages do, whether polls come or not. */
export function isMoving(query: FleetQuery): boolean {
  const known = moving.get(query);
  if (known !== undefined) return known;
  const made = isNumberField(query.sort) || [...fieldsOf(query.filter)].some(isNumberField);
  moving.set(query, made);
  return made;
}

/** What is told of devices and comes with their readings; free words look in some of it. */
const TOLD_LATER: ReadonlySet<string> = new Set(['hostname', 'os', 'user', 'serial', ANY_SEARCHED_FIELD]);

/** Is something asked that comes with the readings? */
export const isOfLater = (query: FleetQuery): boolean =>
  isMoving(query) || [query.sort, ...fieldsOf(query.filter)].some((field) => TOLD_LATER.has(field));

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((row, index) => row === b[index]);
}
