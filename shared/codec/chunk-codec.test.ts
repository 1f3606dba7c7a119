// Encoder and decoder of chunks together: every value comes back to the bit, in few bytes, through gaps, resets and changes of columns.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { deviceHours } from '#test/fixtures/hour-arbitrary.ts';
import { hoursOfMix } from '#test/fixtures/hour-mix.ts';
import { TEST_HOUR, testDevice } from '#test/fixtures/poll-arbitrary.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { decodeChunk } from './chunk-decoder.ts';
import { ChunkEncoder } from './chunk-encoder.ts';
import type { DeviceHour } from './device-hour.ts';

const DEVICE = testDevice(1);
const START = TEST_HOUR * HOUR_MS;
const NO = Number.NaN;
const encoder = new ChunkEncoder();

/** An hour of a poll a minute, 20 ms late at most. */
function hourOf(...columns: number[][]): DeviceHour {
  const random = seededRandom(5);
  const rows = columns[0]?.length ?? 60;
  return {
    times: Float64Array.from({ length: rows }, (_, i) => START + Math.floor(((i + random() / 3_000) * HOUR_MS) / rows)),
    series: Uint32Array.from(columns, (_, i) => 700 + i),
    values: Float64Array.from(columns.flat()),
  };
}
const column = (at: (row: number) => number) => Array.from({ length: 60 }, (_, row) => at(row));
const passThrough = (hour: DeviceHour) => decodeChunk(DEVICE, TEST_HOUR, encoder.encode(DEVICE, hour));
/** Bytes of a column, beside one that is there anyway. */
const cost = (values: number[]) => {
  const other = column(() => 0);
  return encoder.encode(DEVICE, hourOf(other, values)).length - encoder.encode(DEVICE, hourOf(other)).length;
};

test('any hour of any columns comes back to the bit', () => {
  fc.assert(
    fc.property(deviceHours, (hour) => {
      expect(passThrough(hour)).toEqual(hour);
    }),
    { numRuns: 1_000 },
  );
});

test('an encoder is not changed by the hours it has sealed, nor are they', () => {
  fc.assert(
    fc.property(deviceHours, (hour) => {
      const copy = structuredClone(hour);
      const sealed = encoder.encode(DEVICE, hour);
      expect(hour).toEqual(copy);
      expect(new ChunkEncoder().encode(DEVICE, hour)).toEqual(sealed);
    }),
    { numRuns: 200 },
  );
});

test.each<[string, number[]]>([
  ['a value that is never read', column(() => NO)],
  ['one value alone', column((row) => (row === 31 ? 5 : NO))],
  ['a column that appears', column((row) => (row < 17 ? NO : row))],
  ['a column that vanishes', column((row) => (row > 17 ? NO : row))],
  ['a gap in every other row', column((row) => (row % 2 === 0 ? row : NO))],
  ['a counter that begins again', column((row) => (row < 40 ? 9_000_000_000 : 0) + row * 1_500)],
  ['a counter from the largest number to zero', column((row) => (row < 30 ? Number.MAX_SAFE_INTEGER : 0))],
  ['the largest and the least number', column((row) => (row % 2 === 0 ? 1 : -1) * Number.MAX_SAFE_INTEGER)],
  ['steps of 2^32 and more', column((row) => ((row * 7) % 11) * 3 * 2 ** 40)],
  ['the widest whole range', column((row) => (row % 2) * (2 ** 50 - 1))],
  ['a range that is too wide for whole numbers', column((row) => (row % 2) * 2 ** 50)],
  ['hundredths', column((row) => (row * 37) / 100)],
  ['numbers of six decimals', column((row) => (row * 7_919) / 1e6)],
  ['numbers of seven decimals', column((row) => (row * 7_919) / 1e7)],
  ['tiny and huge doubles', column((row) => (row % 2 === 0 ? Number.MIN_VALUE : Number.MAX_VALUE))],
  ['thirds', column((row) => row / 3)],
])('%s comes back to the bit', (_what, values) => {
  const hour = hourOf(values, [...values].reverse(), values);
  expect(passThrough(hour)).toEqual(hour);
});

test('large numbers with decimals of different lengths come back to the bit', () => {
  const random = seededRandom(6);
  for (let n = 0; n < 500; n += 1) {
    const base = 2 ** (28 + (n % 6)) * (1 + random() / 8);
    const values = column((row) => {
      const power = row === 59 ? 1e6 : 10 ** (row % 5);
      return Math.round((base + random() * 1_000) * power) / power;
    });
    const hour = hourOf(values);
    expect(passThrough(hour)).toEqual(hour);
  }
});

test('what is not there is not made up: gaps stay gaps, beside zeros that were read', () => {
  const { values } = passThrough(hourOf([0, NO, 0, NO, 7, 0]));
  expect([...values]).toEqual([0, NO, 0, NO, 7, 0]);
});

test('minus zero is zero, whole or not', () => {
  const { values } = passThrough(hourOf([-0, 1, 2], [-0, 1 / 3, 2]));
  expect([values[0], values[3]]).toEqual([0, 0]);
});

test('a column that never changes costs its value, one that changes once little more', () => {
  expect(cost(column(() => 16_303_412))).toBeLessThanOrEqual(5);
  expect(cost(column((row) => (row < 40 ? 16_303_412 : 16_303_413)))).toBeLessThanOrEqual(10);
});

test('a step, a steady rise and decimals cost what their whole numbers cost', () => {
  const random = seededRandom(3);
  const small = column(() => Math.floor(random() * 100));
  const plain = cost(small);
  expect(cost(small.map((value) => value * 4_096 * 9))).toBeLessThanOrEqual(plain + 5);
  expect(cost(small.map((value) => value / 100))).toBeLessThanOrEqual(plain + 2);
  expect(cost(small.map((value, row) => row * 250_000 + value))).toBeLessThanOrEqual(plain + 14);
});

test('one reset makes the other values of its hour no dearer', () => {
  const random = seededRandom(4);
  let value = 3e12;
  const rising = column(() => {
    value += Math.floor(50_000 + random() * 20_000);
    return value;
  });
  const reset = rising.map((n, row) => (row < 30 ? n : n - (rising[30] ?? 0)));
  expect(cost(reset)).toBeLessThanOrEqual(cost(rising) + 16);
});

test('gaps that several columns share are written once', () => {
  const gappy = column((row) => (row % 3 === 1 ? NO : 4));
  const two = encoder.encode(DEVICE, hourOf(gappy, gappy)).length;
  expect(two - encoder.encode(DEVICE, hourOf(gappy)).length).toBeLessThanOrEqual(3);
});

test('the hard mix takes less than 0.95 bytes a sample', () => {
  const hours = hoursOfMix({ devices: 40, seed: 1, hour: TEST_HOUR });
  let bytes = 0;
  let samples = 0;
  for (const { device, hour } of hours) {
    const chunk = encoder.encode(device, hour);
    expect(decodeChunk(device, TEST_HOUR, chunk)).toEqual(hour);
    bytes += chunk.length;
    samples += hour.values.length;
  }
  expect(samples).toBe(96_000);
  expect(bytes / samples).toBeLessThan(0.95);
});
