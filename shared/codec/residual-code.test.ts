// Both number codes give back every integer they claim to take, whatever the parameter.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';
import {
  MAX_RICE,
  readCount,
  readResidual,
  readResiduals,
  readSized,
  riceParameter,
  writeCount,
  writeResidual,
  writeResiduals,
  writeSized,
} from './residual-code.ts';

const LIMIT = 2 ** 53;
const integer = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.maxSafeInteger(),
  fc.integer({ min: 0, max: 52 }).map((n) => 2 ** n - 1),
  fc.constantFrom(LIMIT, -LIMIT, 0, 1, -1, LIMIT - 1, 1 - LIMIT, 2 ** 52, -(2 ** 52)),
);

test('sized numbers up to 2^53 come back', () => {
  fc.assert(
    fc.property(fc.array(integer, { maxLength: 20 }), (numbers) => {
      const writer = new BitWriter(1_000);
      for (const number of numbers) writeSized(writer, number);
      writer.align();
      const reader = new BitReader(writer.take());
      expect(numbers.map(() => readSized(reader))).toEqual(numbers);
      expect(reader.left).toBeLessThan(8);
    }),
  );
});

test('residuals up to 2^53 come back under any parameter and step, also those off the step', () => {
  const code = fc.record({
    value: integer,
    k: fc.integer({ min: 0, max: MAX_RICE }),
    shift: fc.integer({ min: 0, max: 12 }),
  });
  fc.assert(
    fc.property(fc.array(code, { maxLength: 20 }), (codes) => {
      const writer = new BitWriter(1_000);
      for (const { value, k, shift } of codes) writeResidual(writer, value, k, shift);
      writer.align();
      const reader = new BitReader(writer.take());
      expect(codes.map(({ k, shift }) => readResidual(reader, k, shift))).toEqual(codes.map(({ value }) => value));
    }),
  );
});

test('a column of residuals is, to the bit, what each of them is alone', () => {
  const numbers = fc.array(integer, { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: MAX_RICE }), (values, k) => {
      const alone = new BitWriter(1_000);
      for (const value of values) writeResidual(alone, value, k, 0);
      alone.align();
      const writer = new BitWriter(1_000);
      writeResiduals(writer, Float64Array.from([7, ...values]), 1, values.length + 1, k);
      writer.align();
      const bytes = writer.take();
      expect(bytes).toEqual(alone.take());
      const target = new Float64Array(values.length + 2);
      readResiduals(new BitReader(bytes), target, 1, values.length + 1, k);
      expect([...target]).toEqual([0, ...values, 0]);
    }),
    { numRuns: 500 },
  );
});

test('counts from 1 to 24 bits come back', () => {
  const counts = [1, 2, 3, 4, 59, 3_600, 2 ** 23, 2 ** 24 - 1];
  const writer = new BitWriter(100);
  for (const count of counts) writeCount(writer, count);
  writer.align();
  const reader = new BitReader(writer.take());
  expect(counts.map(() => readCount(reader))).toEqual(counts);
});

test('the parameter grows with the mean and stays in its bounds', () => {
  const parameters = [0, 0.5, 1, 4, 1_000, 2 ** 31, 2 ** 40, 2 ** 53, Number.MAX_VALUE].map(riceParameter);
  expect(parameters).toEqual([0, 0, 1, 3, 10, 32, 41, MAX_RICE, MAX_RICE]);
});
