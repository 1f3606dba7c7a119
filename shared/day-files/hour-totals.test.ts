// Each series is numbered once by one function, and again by another one.
import { expect, test } from 'vitest';
import type { StoredSeries } from './day-store.ts';
import type { SeriesLookup } from './hour-columns.ts';
import { hourTotals } from './hour-totals.ts';

const gauge = (name: string): StoredSeries => ({ name, instance: '', unit: 'bytes', kind: 'gauge', resolution: 1 });
const SERIES = [gauge('memory.total'), gauge('memory.available')];
const seriesOf: SeriesLookup = (number) => SERIES[number];

const hourOf = (available: number) => ({
  times: Float64Array.of(3_600_000, 3_660_000),
  series: Uint32Array.of(0, 1),
  values: Float64Array.of(1_000, 1_000, available, available),
});

function numbering(first: number) {
  const asked: string[] = [];
  const numberOf = ({ name }: StoredSeries) => {
    asked.push(name);
    return first + asked.length - 1;
  };
  return { asked, numberOf };
}

test('what is derived is numbered once for all hours with the same columns', () => {
  const { asked, numberOf } = numbering(7);
  const one = hourTotals(hourOf(250), seriesOf, undefined, numberOf);
  const other = hourTotals(hourOf(500), seriesOf, undefined, numberOf);
  expect(asked).toEqual(['memory.used_ratio']);
  expect([...one.series]).toEqual([0, 1, 7]);
  expect(other.series).toBe(one.series);
  expect([one.totals.sum[2], other.totals.sum[2]]).toEqual([15_000, 10_000]);
});

test('another function numbers them by itself', () => {
  const [first, second] = [numbering(7), numbering(90)];
  hourTotals(hourOf(250), seriesOf, undefined, first.numberOf);
  expect([...hourTotals(hourOf(250), seriesOf, undefined, second.numberOf).series]).toEqual([0, 1, 90]);
  expect(second.asked).toEqual(['memory.used_ratio']);
});
