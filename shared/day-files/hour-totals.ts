// What remains of a device's hour in totals: levels as they are, and of counters what they rose by between two polls of one boot.
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { type Rollup, rollupOf } from '#shared/codec/rollup.ts';
import type { StoredSeries } from './day-store.ts';

/** What the columns of an hour mean; made once for all devices that have the same. */
export interface HourPlan {
  /** One for each column. */
  series: readonly StoredSeries[];
  isCounter: Uint8Array;
  /** Columns of `system.uptime` and `system.boot`; -1 where the device does not tell. */
  uptime: number;
  boot: number;
}

/** The last row of the hour before, a place for each column of the hour; NaN where it is not known. */
export type RowBefore = Float64Array;

export function planHour(series: readonly StoredSeries[]): HourPlan {
  const columnOf = (name: string) => series.findIndex((one) => one.name === name && one.instance === '');
  return {
    series,
    isCounter: Uint8Array.from(series, ({ kind }) => (kind === 'counter' ? 1 : 0)),
    uptime: columnOf('system.uptime'),
    boot: columnOf('system.boot'),
  };
}

/**
 * For each row the device's own milliseconds since the row before it; NaN where it is not known, as at a reboot: nothing can be
 * said then of what a counter did meanwhile.
 */
export function elapsedOf({ times, values }: DeviceHour, plan: HourPlan, before: RowBefore | undefined): Float64Array {
  const elapsed = new Float64Array(times.length).fill(Number.NaN);
  const { uptime, boot, series } = plan;
  const resolution = series[uptime]?.resolution;
  if (resolution === undefined) return elapsed;
  let formerUptime = before?.[uptime] ?? Number.NaN;
  let formerBoot = boot < 0 ? Number.NaN : (before?.[boot] ?? Number.NaN);
  for (let row = 0; row < times.length; row += 1) {
    const now = values[uptime * times.length + row] ?? Number.NaN;
    const bootNow = boot < 0 ? Number.NaN : (values[boot * times.length + row] ?? Number.NaN);
    // An id that is not known says nothing, as everywhere.
    const isOtherBoot = bootNow !== formerBoot && !Number.isNaN(bootNow) && !Number.isNaN(formerBoot);
    if (now > formerUptime && !isOtherBoot) elapsed[row] = (now - formerUptime) * resolution;
    formerUptime = now;
    formerBoot = bootNow;
  }
  return elapsed;
}

/** Rates are for people: below a thousand to three decimals, whole numbers above, in place of eight bytes each. */
const rounded = (rate: number): number => (rate >= 1_000 ? Math.round(rate) : Math.round(rate * 1_000) / 1_000);

/** Totals of each column; of counters `count`, `sum` and `rest` are of known rises, `min` and `max` of their rates a second. */
export function totalsOf(hour: DeviceHour, plan: HourPlan, before: RowBefore | undefined): Rollup {
  const rows = hour.times.length;
  const elapsed = elapsedOf(hour, plan, before);
  const values = hour.values.slice();
  for (let column = 0; column < hour.series.length; column += 1)
    if (plan.isCounter[column] === 1)
      becomeRises(values.subarray(column * rows, (column + 1) * rows), elapsed, before?.[column] ?? Number.NaN);
  const totals = rollupOf({ ...hour, values });
  for (let column = 0; column < hour.series.length; column += 1)
    if (plan.isCounter[column] === 1)
      setRates(totals, column, values.subarray(column * rows, (column + 1) * rows), elapsed);
  return totals;
}

/** A counter that falls began anew: unknown. */
function becomeRises(column: Float64Array, elapsed: Float64Array, before: number): void {
  let former = before;
  for (let row = 0; row < column.length; row += 1) {
    const now = column[row] ?? Number.NaN;
    const isKnown = now >= former && (elapsed[row] ?? Number.NaN) > 0;
    column[row] = isKnown ? now - former : Number.NaN;
    former = now;
  }
}

function setRates(totals: Rollup, column: number, rises: Float64Array, elapsed: Float64Array): void {
  if (totals.count[column] === 0) return;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rises.length; row += 1) {
    const rate = ((rises[row] ?? Number.NaN) / (elapsed[row] ?? Number.NaN)) * 1_000;
    if (rate < min) min = rate;
    if (rate > max) max = rate;
  }
  totals.min[column] = rounded(min);
  totals.max[column] = rounded(max);
}
