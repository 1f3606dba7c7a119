// Totals of an hour that is not sealed yet, reckoned as sealing will reckon them: a sum is the same before and after.
import { HOUR_MS } from '#shared/base/clock.ts';
import type { HourLine, StoredSeries } from '#shared/day-files/day-store.ts';
import type { FormerRow } from '#shared/day-files/hour-columns.ts';
import { hourTotals } from '#shared/day-files/hour-totals.ts';
import { roundRate } from '#shared/day-files/total-lines.ts';
import { seriesKey } from '#shared/model/series-key.ts';
import { addShare, type BucketLines } from './bucket-lines.ts';
import type { NamedHour } from './metric-engine.ts';
import { lookupIn } from './named-hours.ts';
import { shownOf, type TotalsSource, totalLines } from './total-view.ts';

interface OpenTotals extends TotalsSource {
  series: readonly StoredSeries[];
}

export function openTotals(rows: NamedHour, former: FormerRow | undefined): OpenTotals {
  const all = [...rows.series];
  const numbers = new Map(all.map((one, number) => [seriesKey(one.name, one.instance), number]));
  const numberOf = (one: StoredSeries): number => {
    const key = seriesKey(one.name, one.instance);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, all.length);
    return all.push(one) - 1;
  };
  const { series, totals } = hourTotals(rows.data, lookupIn(rows), former, numberOf);
  const hours = Uint32Array.of(rows.hour);
  const at = (values: Float64Array, place: number) => values.subarray(place, place + 1);
  const byName = new Map<string, Array<{ series: StoredSeries; line: HourLine }>>();
  for (const [place, number] of series.entries()) {
    const one = all[number];
    if (one === undefined || totals.count[place] === 0) continue;
    const { count, min, max, sum, rest } = totals;
    const extremes = { min: at(min, place), max: at(max, place) };
    // As files keep them.
    if (one.kind === 'counter') {
      extremes.min.set([roundRate(extremes.min[0] ?? Number.NaN, Math.floor)]);
      extremes.max.set([roundRate(extremes.max[0] ?? Number.NaN, Math.ceil)]);
    }
    const line = { hours, count: at(count, place), ...extremes, sum: at(sum, place), rest: at(rest, place) };
    byName.set(one.name, [...(byName.get(one.name) ?? []), { series: one, line }]);
  }
  return { series: all, of: (name) => byName.get(name) ?? [] };
}

/** Adds an open hour's totals to buckets of whole hours. */
export function addOpenTotals(
  lines: BucketLines,
  rows: NamedHour,
  former: FormerRow | undefined,
  names: readonly string[] | undefined,
): void {
  const source = openTotals(rows, former);
  for (const name of names ?? new Set(source.series.flatMap(shownOf)))
    for (const { instance, unit, resolution, shareOf } of totalLines(source, name)) {
      const line = lines.line({ name, instance, unit, resolution });
      if (line !== undefined) addShare(line, lines.placeOf(rows.hour * HOUR_MS), shareOf(0));
    }
}
