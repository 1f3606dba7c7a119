// Columns stay the same array as long as they can, and what is not told is unknown.
import { expect, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { DeviceId } from '#shared/base/id.ts';
import { MAX_SERIES_PER_DEVICE } from '#shared/model/metric-catalogue.ts';
import { ColumnKeeper } from './column-keeper.ts';

const device = DeviceId.parse('01900000-0000-7000-8000-000000000001');
const sample = (instance: string, value: number | undefined) => ({ metric: 50, instance, value });

test('the same columns are the same array, also into the next hour and in another order', () => {
  const keeper = new ColumnKeeper(device);
  const first = keeper.record(0, [sample('a', 1), sample('b', 2)]);
  const second = keeper.record(1, [sample('b', 4), sample('a', 3)]);
  const third = keeper.record(HOUR_MS, [sample('a', 5), sample('b', 6)]);
  expect(second.series).toBe(first.series);
  expect(third.series).toBe(first.series);
  expect([first.values, second.values, third.values]).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
});

test('a source that fails for once leaves its column unknown, a new one is appended', () => {
  const keeper = new ColumnKeeper(device);
  const first = keeper.record(0, [sample('a', 1), sample('b', 2)]);
  const without = keeper.record(1, [sample('a', 3)]);
  expect(without.series).toBe(first.series);
  expect(without.values).toEqual([3, undefined]);
  const more = keeper.record(2, [sample('c', 9), sample('a', 4)]);
  expect(more.series.map((s) => s.instance)).toEqual(['a', 'b', 'c']);
  expect(more.values).toEqual([4, undefined, 9]);
});

test('the next hour has only the columns that are there', () => {
  const keeper = new ColumnKeeper(device);
  keeper.record(0, [sample('a', 1), sample('gone', 2)]);
  expect(keeper.record(HOUR_MS, [sample('a', 3)]).series).toEqual([{ metric: 50, instance: 'a' }]);
});

test('columns that come and go within an hour never pass the bound of a device', () => {
  const keeper = new ColumnKeeper(device);
  for (let round = 0; round < 40; round += 1) {
    const samples = Array.from({ length: 100 }, (_, i) => sample(`veth${round}-${i}`, i));
    const record = keeper.record(round, samples);
    expect(record.series.length).toBeLessThanOrEqual(MAX_SERIES_PER_DEVICE);
    expect(record.values.filter((value) => value !== undefined).length).toBe(100);
  }
});

test('what passes the bound of a device is counted, and no longer once it fits', () => {
  const keeper = new ColumnKeeper(device);
  const samples = Array.from({ length: MAX_SERIES_PER_DEVICE + 3 }, (_, i) => sample(`veth${i}`, i));
  expect(keeper.record(0, samples).series.length).toBe(MAX_SERIES_PER_DEVICE);
  expect(keeper.leftOut).toBe(3);
  keeper.record(1, samples.slice(0, -3));
  expect(keeper.leftOut).toBe(0);
});
