// A device's past as its metrics would have made it: counters that rise with noise, levels that wander; for filling caches before a bench.
import { metricById, type Series } from '#shared/model/metric-catalogue.ts';

/** Share of a level that it moves at most from one poll to the next. */
const WANDER = 0.02;

/** Levels that hardly ever change on a real machine. */
const CONSTANT = new Set(['memory.total', 'swap.total', 'filesystem.size', 'system.boot']);

interface Column {
  kind: 'counter' | 'level' | 'still';
  value: number;
  /** Mean rise of a counter, most of a level's move. */
  step: number;
}

/** A counter has grown by half of what it shows over the whole past. */
function columnOf(metric: number, now: number, polls: number): Column {
  const definition = metricById(metric);
  if (now === 0 || CONSTANT.has(definition?.name ?? '')) return { kind: 'still', value: now, step: 0 };
  if (definition?.kind !== 'counter') return { kind: 'level', value: now, step: now * WANDER };
  return { kind: 'counter', value: now / 2, step: now / 2 / polls };
}

function move(column: Column, random: () => number): number {
  if (column.kind === 'counter') column.value += random() * 2 * column.step;
  if (column.kind === 'level') column.value = Math.max(0, column.value + (random() - 0.5) * 2 * column.step);
  return Math.floor(column.value);
}

/** Yields `polls` rows of stored integers that end near `now`, the device's present values. */
export function* pastValues(
  series: readonly Series[],
  now: readonly (number | undefined)[],
  polls: number,
  random: () => number,
): Generator<Array<number | undefined>> {
  const columns = now.map((value, i) =>
    value === undefined ? undefined : columnOf(series[i]?.metric ?? Number.NaN, value, polls),
  );
  for (let poll = 0; poll < polls; poll += 1) {
    yield columns.map((column) => (column === undefined ? undefined : move(column, random)));
  }
}
