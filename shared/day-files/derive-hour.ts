// What people read, reckoned for all rows of a device's hour at once, by the rules of shared/model/derive.ts.
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { DERIVED, type DerivedForm, timeIn } from '#shared/model/derive.ts';
import { METRICS } from '#shared/model/metric-catalogue.ts';
import { seriesKey } from '#shared/model/series-key.ts';
import { type ColumnIndex, type FormerRow, HourColumns, type SeriesLookup } from './hour-columns.ts';

export interface DerivedColumn {
  name: string;
  instance: string;
  unit: string;
  /** One for each row of the hour, in natural units; NaN is unknown. */
  values: Float64Array;
}

const DERIVED_NAMES: ReadonlySet<string> = new Set(DERIVED.map(({ name }) => name));

/**
 * The derived values of an hour; a series of no rule, such as a script's, is a level. `former` is the row before the hour, or undefined
 * where none is known. `names`: only these, raw ones too; else all derived ones and all of no rule.
 * A column that would be unknown in every row, because a series is missing, is left out. Columns are parts of one array: who sends one to
 * another thread copies it first.
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
  for (const step of stepsOf(columns.index, names))
    made.push({ name: step.name, instance: step.instance, unit: step.unit, values: reckon(columns, step) });
  return made;
}

/** A rule applied to one instance, with the places of its columns in the hour. */
interface Step {
  name: string;
  instance: string;
  unit: string;
  form: DerivedForm;
  some: readonly number[];
  others: readonly number[];
}

const ALL: readonly string[] = [];
/** By what hours have and what is asked: lists of names that are made once are worked out once. */
const planned = new WeakMap<ColumnIndex, WeakMap<readonly string[], Step[]>>();

function stepsOf(index: ColumnIndex, names: readonly string[] = ALL): Step[] {
  const own = planned.get(index) ?? new WeakMap<readonly string[], Step[]>();
  planned.set(index, own);
  const steps = own.get(names) ?? makeSteps(index, names === ALL ? undefined : new Set(names));
  own.set(names, steps);
  return steps;
}

/** Raw metrics that are told by what is derived from them. */
const INPUTS: ReadonlySet<string> = new Set(METRICS.map(({ name }) => name));

function makeSteps(index: ColumnIndex, wanted: ReadonlySet<string> | undefined): Step[] {
  const steps: Step[] = [];
  for (const rule of DERIVED) {
    if (wanted !== undefined && !wanted.has(rule.name)) continue;
    for (const instance of rule.scope === 'device' ? [''] : (index.instances.get(rule.scope) ?? [])) {
      const placesOf = (some: readonly string[]) =>
        some.flatMap((name) => index.byKey.get(seriesKey(name, instance)) ?? []);
      if (placesOf(rule.inputs).length < rule.inputs.length) continue;
      const { name, unit, form } = rule;
      const [some, others] = partsOf(form);
      steps.push({ name, instance, unit, form, some: placesOf(some), others: placesOf(others) });
    }
  }
  for (const [column, series] of index.columns.entries()) {
    if (series === undefined || DERIVED_NAMES.has(series.name)) continue;
    const { name, instance, unit } = series;
    const isAsked = wanted === undefined ? !INPUTS.has(name) : wanted.has(name);
    if (isAsked) steps.push({ name, instance, unit, form: { kind: 'level', of: name }, some: [column], others: [] });
  }
  return steps;
}

function partsOf(form: DerivedForm): [readonly string[], readonly string[]] {
  switch (form.kind) {
    case 'level':
    case 'pace':
      return [[form.of], []];
    case 'rest':
    case 'rest-share':
      return [[form.whole], [form.part]];
    case 'pace-share':
      return [[form.of], [form.whole]];
    case 'level-share':
      return [[form.part], form.whole];
    case 'rise-share':
      return [form.parts, form.whole];
  }
}

function reckon(columns: HourColumns, { form, some, others }: Step): Float64Array {
  const first = some[0] ?? 0;
  switch (form.kind) {
    case 'level':
      return columns.natural(first);
    case 'rest':
    case 'rest-share':
      return rests(columns.natural(first), columns.natural(others[0] ?? 0), form.kind === 'rest-share', columns.make());
    case 'level-share':
      return shares(columns.natural(first), sumOf(columns, others, false), columns.make());
    case 'rise-share':
      return shares(sumOf(columns, some, true), sumOf(columns, others, true), columns.make());
    case 'pace':
      return paces(columns.rises(first), columns.elapsedMs(), form, columns.make());
    case 'pace-share': {
      const made = columns.make();
      paces(columns.rises(first), columns.elapsedMs(), { per: 'second' }, made);
      shares(made, columns.natural(others[0] ?? 0), made);
      for (let row = 0; row < made.length; row += 1) if ((made[row] ?? 0) > 1) made[row] = 1;
      return made;
    }
  }
}

/** Of levels, or of rises. */
function sumOf(columns: HourColumns, some: readonly number[], isOfRises: boolean): Float64Array {
  const first = some[0] ?? 0;
  const one = isOfRises ? columns.rises(first) : columns.natural(first);
  if (some.length === 1) return one;
  const made = columns.make();
  made.set(one);
  for (let i = 1; i < some.length; i += 1) {
    const next = isOfRises ? columns.rises(some[i] ?? 0) : columns.natural(some[i] ?? 0);
    for (let row = 0; row < made.length; row += 1) made[row] = (made[row] ?? Number.NaN) + (next[row] ?? Number.NaN);
  }
  return made;
}

/** Of nothing there is no share. */
function shares(parts: Float64Array, wholes: Float64Array, made: Float64Array): Float64Array {
  for (let row = 0; row < made.length; row += 1) {
    const whole = wholes[row] ?? Number.NaN;
    made[row] = whole > 0 ? (parts[row] ?? Number.NaN) / whole : Number.NaN;
  }
  return made;
}

/** A part never exceeds its whole. */
function rests(wholes: Float64Array, parts: Float64Array, isShare: boolean, made: Float64Array): Float64Array {
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
  made: Float64Array,
): Float64Array {
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
    const rises = columns.make();
    const rates = columns.make();
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
