// What people read, reckoned for all rows of a device's hour at once, by the rules of shared/model/derive.ts.
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { DERIVED, type Derived, type DerivedForm, timeIn } from '#shared/model/derive.ts';
import { type FormerRow, HourColumns, type SeriesLookup } from './hour-columns.ts';

export interface DerivedColumn {
  name: string;
  instance: string;
  unit: string;
  /** One for each row of the hour, in natural units; NaN is unknown. */
  values: Float64Array;
}

const BY_NAME: ReadonlyMap<string, Derived> = new Map(DERIVED.map((rule) => [rule.name, rule]));

/**
 * The derived values of an hour; a series of no rule, such as a script's, is a level. `former` is the row before the hour, or undefined
 * where none is known. `names`: only these, raw ones too; else all derived ones and all of no rule.
 * A column that would be unknown in every row, because a series is missing, is left out.
 */
export function deriveHour(
  hour: DeviceHour,
  seriesOf: SeriesLookup,
  former: FormerRow | undefined,
  names?: readonly string[],
): DerivedColumn[] {
  return deriveColumns(new HourColumns(hour, seriesOf, former), names);
}

export function deriveColumns(columns: HourColumns, names?: readonly string[]): DerivedColumn[] {
  const made: DerivedColumn[] = [];
  const wanted = names === undefined ? undefined : new Set(names);
  const rules = wanted === undefined ? DERIVED : [...wanted].flatMap((name) => BY_NAME.get(name) ?? []);
  for (const rule of rules) addRule(made, columns, rule);
  for (const [column, series] of columns.index.columns.entries()) {
    if (series === undefined || BY_NAME.has(series.name)) continue;
    const isAsked = wanted === undefined ? !INPUTS.has(series.name) : wanted.has(series.name);
    if (isAsked) made.push({ ...idOf(series), values: columns.natural(column) });
  }
  return made;
}

const idOf = ({ name, instance, unit }: { name: string; instance: string; unit: string }) => ({ name, instance, unit });

/** Raw metrics that are told by what is derived from them. */
const INPUTS: ReadonlySet<string> = new Set([
  'system.boot',
  'memory.cached',
  ...DERIVED.flatMap(({ inputs }) => inputs),
]);

function addRule(made: DerivedColumn[], columns: HourColumns, rule: Derived): void {
  const instances = rule.scope === 'device' ? [''] : (columns.index.instances.get(rule.scope) ?? []);
  for (const instance of instances) {
    const at = (name: string) => columns.columnOf(name, instance);
    if (rule.inputs.some((name) => at(name) === undefined)) continue;
    made.push({
      name: rule.name,
      instance,
      unit: rule.unit,
      values: reckon(columns, rule.form, (name) => at(name) ?? 0),
    });
  }
}

function reckon(columns: HourColumns, form: DerivedForm, at: (name: string) => number): Float64Array {
  const levels = (name: string) => columns.natural(at(name));
  switch (form.kind) {
    case 'level':
      return levels(form.of);
    case 'rest':
      return rests(levels(form.whole), levels(form.part), false);
    case 'rest-share':
      return rests(levels(form.whole), levels(form.part), true);
    case 'level-share':
      return shares(levels(form.part), sums(form.whole.map(levels)));
    case 'rise-share': {
      const rises = (name: string) => columns.rises(at(name));
      return shares(sums(form.parts.map(rises)), sums(form.whole.map(rises)));
    }
    case 'pace':
      return paces(columns.rises(at(form.of)), columns.elapsedMs(), form);
  }
}

function sums(some: readonly Float64Array[]): Float64Array {
  const [first, ...others] = some;
  if (first === undefined || others.length === 0) return first ?? new Float64Array(0);
  const made = first.slice();
  for (const one of others)
    for (let row = 0; row < made.length; row += 1) made[row] = (made[row] ?? Number.NaN) + (one[row] ?? Number.NaN);
  return made;
}

/** Of nothing there is no share. */
function shares(parts: Float64Array, wholes: Float64Array): Float64Array {
  const made = new Float64Array(parts.length);
  for (let row = 0; row < made.length; row += 1) {
    const whole = wholes[row] ?? Number.NaN;
    made[row] = whole > 0 ? (parts[row] ?? Number.NaN) / whole : Number.NaN;
  }
  return made;
}

/** A part never exceeds its whole. */
function rests(wholes: Float64Array, parts: Float64Array, isShare: boolean): Float64Array {
  const made = new Float64Array(wholes.length);
  for (let row = 0; row < made.length; row += 1) {
    const whole = wholes[row] ?? Number.NaN;
    const rest = whole - (parts[row] ?? Number.NaN);
    if (!(rest >= 0)) made[row] = Number.NaN;
    else if (!isShare) made[row] = rest;
    else made[row] = whole > 0 ? rest / whole : Number.NaN;
  }
  return made;
}

function paces(
  rises: Float64Array,
  elapsedMs: Float64Array,
  { per, cap = Number.POSITIVE_INFINITY }: { per: 'second' | 'ms' | 'us'; cap?: number },
): Float64Array {
  const made = new Float64Array(rises.length);
  for (let row = 0; row < made.length; row += 1) {
    const pace = (rises[row] ?? Number.NaN) / timeIn(per, elapsedMs[row] ?? Number.NaN);
    made[row] = pace > cap ? cap : pace;
  }
  return made;
}

export interface CounterRises {
  /** The place of the series in the hour. */
  column: number;
  /** What it rose by since the row before, in stored numbers; NaN where that is not known. */
  rises: Float64Array;
  /** The same for each second of the device's own time, in stored numbers. */
  rates: Float64Array;
}

/** The rises of all counters of an hour: what totals of counters are made of. */
export function risesOf(columns: HourColumns): CounterRises[] {
  const made: CounterRises[] = [];
  const elapsedMs = columns.elapsedMs();
  for (const [column, series] of columns.index.columns.entries()) {
    if (series?.kind !== 'counter') continue;
    const natural = columns.rises(column);
    const { resolution } = series;
    const rises = new Float64Array(natural.length);
    const rates = new Float64Array(natural.length);
    for (let row = 0; row < rises.length; row += 1) {
      const rise = storedOf(natural[row] ?? Number.NaN, resolution);
      rises[row] = rise;
      rates[row] = rise / ((elapsedMs[row] ?? Number.NaN) / 1_000);
    }
    made.push({ column, rises, rates });
  }
  return made;
}

/** Differences of stored numbers, through the natural ones: whole again. */
const storedOf = (natural: number, resolution: number): number => Math.round(natural / resolution);
