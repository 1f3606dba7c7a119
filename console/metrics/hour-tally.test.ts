// Proves that a tally of frames is that of the same rows sealed, in any order, and of nothing else.
import { expect, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { storedSeries } from '#shared/day-files/stored-series.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { deviceNo, HOUR, pollNo } from '#test/fixtures/stream-kit.ts';
import { BatchRows } from './batch-rows.ts';
import { HourTally, isSameTally, tallyOf, weightOf } from './hour-tally.ts';

const DEVICE = deviceNo(1);

function told(polls: readonly PollRecord[]) {
  const rows = new BatchRows();
  for (const poll of polls) rows.add(poll);
  const tally = new HourTally();
  tally.take(rows.rows, rows.values);
  return tally.devices.get(DEVICE) ?? { rows: 0, values: 0, sum: 0 };
}

/** The rows as columns, the last series first, numbered from seven on. */
function sealed(polls: readonly PollRecord[]) {
  const series = polls[0]?.series ?? [];
  const columns = series.map((_, i) => series.length - 1 - i);
  const hour: DeviceHour = {
    times: Float64Array.from(polls, ({ at }) => at),
    series: Uint32Array.from(columns, (_, i) => 7 + i),
    values: Float64Array.from(columns.flatMap((column) => polls.map(({ values }) => values[column] ?? Number.NaN))),
  };
  const weights = columns.map((column) => weightOf(storedSeries(series[column] ?? { metric: 0, instance: '' })));
  return { hour, weightAt: (number: number) => weights[number - 7] };
}

const polls = [1, 2, 3, 4].map((n) => pollNo(DEVICE, n, HOUR));

test('rows of frames and of a chunk have one tally, whatever their order and their numbers', () => {
  const { hour, weightAt } = sealed(polls);
  expect(isSameTally(told(polls), tallyOf(hour, weightAt))).toBe(true);
  expect(told([...polls].reverse())).toEqual(told(polls));
  expect(told(polls).rows).toBe(4);
});

test('a value, a time, a row or a series that is another one changes it', () => {
  const own = told(polls);
  const changed = (change: (hour: DeviceHour) => void) => {
    const { hour, weightAt } = sealed(polls);
    change(hour);
    return tallyOf(hour, weightAt);
  };
  const [first = Number.NaN] = sealed(polls).hour.values;
  const firstIs = (value: number) => changed(({ values }) => values.set([value]));
  expect(firstIs(first)).toEqual(own);
  for (const value of [first + 1, first + 2 ** 32, Number.NaN]) expect(firstIs(value)).not.toEqual(own);
  expect(changed(({ times }) => times.set([HOUR * HOUR_MS + 1]))).not.toEqual(own);
  const { hour, weightAt } = sealed(polls);
  expect(
    isSameTally(
      tallyOf(hour, (number) => weightAt(number === 7 ? 8 : number === 8 ? 7 : number)),
      own,
    ),
  ).toBe(false);
  expect(
    isSameTally(
      tallyOf(hour, () => undefined),
      own,
    ),
  ).toBe(false);
  expect(told(polls.slice(1))).not.toEqual(own);
});

test('chains of an hour add up', () => {
  const sum = new HourTally();
  for (const some of [polls.slice(0, 1), polls.slice(1)]) {
    const rows = new BatchRows();
    for (const poll of some) rows.add(poll);
    const one = new HourTally();
    one.take(rows.rows, rows.values);
    sum.add(one);
  }
  expect(sum.devices.get(DEVICE)).toEqual(told(polls));
  expect(sum.values).toBe(told(polls).values);
});
