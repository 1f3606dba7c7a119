// A device's past as its metrics would have made it: counters that rise with noise, levels that wander; for filling caches before a bench.
import { metricById, type Series } from '#shared/model/metric-catalogue.ts';

/** Share of a level that it moves at most from one poll to the next. */
const WANDER = 0.02;
/** A counter that stands at its value after this long rises by its mean rate. */
const COUNTER_AGE_POLLS = 10_000;

/** Yields `polls` rows of stored integers that end just below `now`, the device's present values. */
export function* pastValues(
  series: readonly Series[],
  now: readonly (number | undefined)[],
  polls: number,
  random: () => number,
): Generator<Array<number | undefined>> {
  const isCounter = series.map(({ metric }) => metricById(metric)?.kind === 'counter');
  const isStill = now.map((value) => value === undefined || value === 0);
  const row = now.map((value) => (value === undefined ? undefined : value));
  const step = now.map((value) => Math.max(1, Math.floor((value ?? 0) / (COUNTER_AGE_POLLS + polls))));
  for (let column = 0; column < row.length; column += 1) {
    if (isCounter[column] === true && !isStill[column]) row[column] = (now[column] ?? 0) - (step[column] ?? 0) * polls;
  }
  for (let poll = 0; poll < polls; poll += 1) {
    for (let column = 0; column < row.length; column += 1) {
      if (isStill[column] === true) continue;
      const value = row[column] ?? 0;
      if (isCounter[column] === true) row[column] = value + Math.floor(random() * 2 * (step[column] ?? 0));
      else row[column] = Math.max(0, Math.round(value + (random() - 0.5) * 2 * WANDER * (now[column] ?? 0)));
    }
    yield [...row];
  }
}
