// Any metric read from totals of hours: as it was kept, as the rate of a counter, or as the rest of two levels.
import type { DayReader, HourLine, StoredSeries } from '#shared/day-files/day-store.ts';
import { DERIVED, type DerivedForm } from '#shared/model/derive.ts';
import { metricByName } from '#shared/model/metric-catalogue.ts';
import { type Share, scaleSum } from './bucket-lines.ts';

/** Where lines of totals come from: a device's day, a site's, or an hour that is not sealed yet. */
export interface TotalsSource {
  /** What is kept under a name, an entry for each instance. */
  of(name: string): Array<{ series: StoredSeries; line: HourLine }>;
}

/** One instance of a metric, hour by hour. */
export interface TotalLine {
  instance: string;
  unit: string;
  /** Of sums. */
  resolution: number;
  hours: Uint32Array;
  shareOf(place: number): Share;
  /** What it is read from, where its least and greatest are those of what is kept: in stored numbers. */
  own?: HourLine;
}

const FORMS: ReadonlyMap<string, { form: DerivedForm; unit: string }> = new Map(
  DERIVED.map((rule) => [rule.name, rule]),
);
const MS_A_SECOND = 1_000;

/**
 * Levels and ratios are kept under their own names. A rate is what its counter rose by, divided by the time in which that is known: the
 * device's own time in its known intervals. A counter asked by its own name is told as its rate.
 */
export function totalLines(source: TotalsSource, name: string): TotalLine[] {
  const rule = FORMS.get(name);
  const kept = source.of(name);
  if (kept.some(({ series }) => series.kind === 'gauge')) return kept.map(({ series, line }) => ownLine(series, line));
  if (rule?.form.kind === 'pace' && rule.form.per === 'second') return rates(source, rule.form.of, rule.unit);
  if (rule?.form.kind === 'rest') return rests(source, rule.form, rule.unit);
  // The level of a counter is in no total.
  if (rule !== undefined) return [];
  return rates(source, name, `${metricByName(name)?.unit ?? kept[0]?.series.unit ?? ''}/s`);
}

function ownLine({ instance, unit, resolution }: StoredSeries, line: HourLine): TotalLine {
  return {
    instance,
    unit,
    resolution,
    hours: line.hours,
    own: line,
    shareOf: (place) => ({
      count: line.count[place] ?? 0,
      weight: line.count[place] ?? 0,
      min: scaleSum(line.min[place] ?? Number.NaN, resolution),
      max: scaleSum(line.max[place] ?? Number.NaN, resolution),
      sum: line.sum[place] ?? 0,
      rest: line.rest[place] ?? 0,
    }),
  };
}

function rates(source: TotalsSource, counter: string, unit: string): TotalLine[] {
  const [uptime] = source.of('system.uptime');
  if (uptime === undefined) return [];
  return source.of(counter).map(({ series: { instance, resolution }, line }) => ({
    instance,
    unit,
    resolution,
    hours: line.hours,
    own: line,
    shareOf: (place) => {
      const at = sameHour(line, place, uptime.line);
      const count = line.count[place] ?? 0;
      const intervals = uptime.line.count[at] ?? 0;
      const knownMs = scaleSum((uptime.line.sum[at] ?? 0) + (uptime.line.rest[at] ?? 0), uptime.series.resolution);
      // Every instance is read in the same polls: it knows as much of the time as of the intervals.
      const weight = intervals > 0 ? ((knownMs / MS_A_SECOND) * count) / intervals : 0;
      return {
        count: weight > 0 ? count : 0,
        weight,
        min: scaleSum(line.min[place] ?? Number.NaN, resolution),
        max: scaleSum(line.max[place] ?? Number.NaN, resolution),
        sum: line.sum[place] ?? 0,
        rest: line.rest[place] ?? 0,
      };
    },
  }));
}

/** Where another line tells the hour of a place; -1 where it does not. Lines of one day that know the same hours have them at the same places. */
function sameHour(line: HourLine, place: number, other: HourLine): number {
  const hour = line.hours[place] ?? -1;
  return other.hours[place] === hour ? place : other.hours.indexOf(hour);
}

function rests(
  source: TotalsSource,
  { whole: wholeName, part: partName }: Extract<DerivedForm, { kind: 'rest' }>,
  unit: string,
): TotalLine[] {
  const parts = new Map(source.of(partName).map((part) => [part.series.instance, part]));
  return source.of(wholeName).flatMap(({ series: { instance, resolution }, line }) => {
    const part = parts.get(instance)?.line;
    if (part === undefined) return [];
    const shareOf = (place: number) => restShare(line, part, { place, at: sameHour(line, place, part), resolution });
    return [{ instance, unit, resolution, hours: line.hours, shareOf }];
  });
}

/** Known where both levels are known equally often; the extremes where the whole stays as it is, as the memory of a machine does. */
function restShare(
  whole: HourLine,
  part: HourLine,
  { place, at, resolution }: { place: number; at: number; resolution: number },
): Share {
  const count = whole.count[place] ?? 0;
  const isKnown = count > 0 && count === part.count[at];
  const size = whole.min[place] ?? Number.NaN;
  const isFixed = size === whole.max[place];
  return {
    count: isKnown ? count : 0,
    weight: count,
    min: isFixed ? scaleSum(size - (part.max[at] ?? Number.NaN), resolution) : Number.NaN,
    max: isFixed ? scaleSum(size - (part.min[at] ?? Number.NaN), resolution) : Number.NaN,
    sum: (whole.sum[place] ?? 0) - (part.sum[at] ?? 0),
    rest: (whole.rest[place] ?? 0) - (part.rest[at] ?? 0),
  };
}

/** A device's totals of one day. */
export const deviceTotals = (
  reader: Pick<DayReader, 'instancesOf' | 'seriesOf'>,
  totals: ReadonlyMap<number, HourLine>,
): TotalsSource => ({
  of: (name) =>
    reader.instancesOf(name).flatMap((number) => {
      const series = reader.seriesOf(number);
      const line = totals.get(number);
      return series === undefined || line === undefined ? [] : [{ series, line }];
    }),
});

/** A site's sums of one day: instances together, under the name alone. */
export const siteTotals = (
  reader: Pick<DayReader, 'instancesOf' | 'seriesOf'>,
  lineOf: (name: string) => HourLine | undefined,
): TotalsSource => ({
  of: (name) => {
    const [number] = reader.instancesOf(name);
    const series = number === undefined ? undefined : reader.seriesOf(number);
    const line = lineOf(name);
    return series === undefined || line === undefined ? [] : [{ series: { ...series, instance: '' }, line }];
  },
});

/** What a kept series shows people: itself, and what is derived from it. Raw counters are told by their rates alone. */
export function shownOf({ name, kind }: StoredSeries): string[] {
  const derived = MADE_OF.get(name) ?? [];
  const isOwn = kind === 'gauge' && (FORMS.has(name) || metricByName(name) === undefined);
  return isOwn ? [name, ...derived] : [...derived];
}

/** Rates by their counters, rests by their wholes. */
const MADE_OF: ReadonlyMap<string, readonly string[]> = (() => {
  const made = new Map<string, string[]>();
  for (const { name, form } of DERIVED) {
    const of = form.kind === 'rest' ? form.whole : form.kind === 'pace' && form.per === 'second' ? form.of : undefined;
    if (of !== undefined) made.set(of, [...(made.get(of) ?? []), name]);
  }
  return made;
})();
