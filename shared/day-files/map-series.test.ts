// Proves that values follow their series into another dictionary, whatever the numbers are there.
import { expect, test } from 'vitest';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { mapSeries } from './map-series.ts';

const hour: DeviceHour = {
  times: Float64Array.of(1_000, 2_000),
  series: Uint32Array.of(1, 4, 9),
  values: Float64Array.of(10, 11, 40, 41, 90, 91),
};
const mapped = (numbers: Record<number, number>) => mapSeries(hour, (number) => numbers[number]);

test('number for number it is the very same', () => {
  expect(mapped({ 1: 1, 4: 4, 9: 9 })).toEqual({ hour, form: 'same' });
});

test('other numbers in the same order leave the values where they are', () => {
  const { hour: to, form } = mapped({ 1: 3, 4: 7, 9: 8 });
  expect(form).toBe('ascending');
  expect([...to.series]).toEqual([3, 7, 8]);
  expect(to.values).toBe(hour.values);
});

test('another order moves the columns, and a series without a number is left out', () => {
  const moved = mapped({ 1: 8, 4: 7, 9: 2 });
  expect(moved.form).toBe('other');
  expect([...moved.hour.series]).toEqual([2, 7, 8]);
  expect([...moved.hour.values]).toEqual([90, 91, 40, 41, 10, 11]);
  const less = mapped({ 1: 8, 9: 2 });
  expect([...less.hour.series]).toEqual([2, 8]);
  expect([...less.hour.values]).toEqual([90, 91, 10, 11]);
});

test('two series of one number are one column, not two', () => {
  const { hour: to } = mapped({ 1: 5, 4: 5, 9: 6 });
  expect([...to.series]).toEqual([5, 6]);
  expect([...to.values]).toEqual([10, 11, 90, 91]);
});
