// Totals come back to the bit, a flipped bit or another owner is refused, and bounds are named.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { decodeSomeTotals, decodeTotals } from './totals-decoder.ts';
import { TotalsEncoder } from './totals-encoder.ts';
import { emptyTotals, type TotalsBlock } from './totals-format.ts';

const DAY = 490_008;
const OWNER = '0190a000-0000-7000-8000-000000000001';
const encoder = new TotalsEncoder();

const number = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -5_000, max: 5_000 }) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 99_999 }).map((n) => n / 1_000) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
);
const total = fc.oneof(
  fc.tuple(fc.constantFrom(0, 1, 60), number).map(([count, v]) => ({ count, min: v, max: v, sum: count * v, rest: 0 })),
  fc.record({
    count: fc.constantFrom(0, 59, 60, 1_800),
    min: number,
    max: number,
    sum: number,
    rest: fc.constantFrom(0, 0, 0, 0.25),
  }),
);

const blocks: fc.Arbitrary<TotalsBlock> = fc
  .tuple(
    fc.uniqueArray(fc.nat({ max: 23 }), { minLength: 1, maxLength: 24 }),
    fc.uniqueArray(fc.nat({ max: 9_999 }), { maxLength: 9 }),
  )
  .chain(([hours, series]) => {
    const places = hours.length * series.length;
    return fc.array(total, { minLength: places, maxLength: places }).map((totals) => {
      const block = emptyTotals(
        Uint32Array.from(hours.sort((a, b) => a - b)).map((hour) => DAY + hour),
        Uint32Array.from(series.sort((a, b) => a - b)),
      );
      for (const [i, { count, min, max, sum, rest }] of totals.entries()) {
        if (count === 0 || !Number.isFinite(sum)) continue;
        block.count[i] = count;
        block.min[i] = min + 0;
        block.max[i] = max + 0;
        block.sum[i] = sum + 0;
        block.rest[i] = rest;
      }
      return block;
    });
  });

test('every total comes back to the bit', () => {
  fc.assert(
    fc.property(blocks, (block) => {
      expect(decodeTotals(OWNER, encoder.encode(OWNER, block), DAY, DAY + 24)).toEqual(block);
    }),
    { numRuns: 500 },
  );
});

test('some series of a block are what the whole block says of them', () => {
  fc.assert(
    fc.property(blocks, fc.infiniteStream(fc.boolean()), (block, coin) => {
      const bytes = encoder.encode(OWNER, block);
      const wanted = new Set([...block.series].filter(() => coin.next().value));
      wanted.add(2 ** 24 - 3);
      expect(decodeSomeTotals(OWNER, bytes, { from: DAY, to: DAY + 24 }, wanted)).toEqual(picked(block, wanted));
    }),
    { numRuns: 500 },
  );
});

function picked(block: TotalsBlock, wanted: ReadonlySet<number>): TotalsBlock {
  const columns = [...block.series.keys()].filter((column) => wanted.has(block.series[column] ?? -1));
  const some = emptyTotals(
    block.hours,
    Uint32Array.from(columns, (column) => block.series[column] ?? 0),
  );
  const rows = block.hours.length;
  for (const part of ['count', 'min', 'max', 'sum', 'rest'] as const)
    for (const [place, column] of columns.entries())
      some[part].set(block[part].subarray(column * rows, (column + 1) * rows), place * rows);
  return some;
}

function lineOf(count: number): TotalsBlock {
  const block = emptyTotals(Uint32Array.of(DAY, DAY + 5), Uint32Array.of(3, 9));
  block.count.set([count, 60, 60, 60]);
  block.min.set([1, 2, 3, 4]);
  block.max.set([5, 9, 8, 7]);
  block.sum.set([200, 300, 400, 250]);
  return block;
}

test('no flipped bit, no other owner and no other day is taken for the block', () => {
  const bytes = encoder.encode(OWNER, lineOf(60));
  const codeOf = (act: () => unknown) => {
    try {
      act();
      return 'none';
    } catch (error) {
      return error instanceof AppError ? error.code : String(error);
    }
  };
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(codeOf(() => decodeTotals(OWNER, flipped, DAY, DAY + 24))).toBe('frame-malformed');
  }
  expect(codeOf(() => decodeTotals(OWNER.replace('1', '2'), bytes, DAY, DAY + 24))).toBe('frame-malformed');
  expect(codeOf(() => decodeTotals(OWNER, bytes, DAY + 1, DAY + 24))).toBe('frame-malformed');
  expect(codeOf(() => decodeTotals(OWNER, bytes, DAY, DAY + 5))).toBe('frame-malformed');
  expect(codeOf(() => decodeTotals(OWNER, bytes, DAY, DAY + 6))).toBe('none');
});

test('random bytes with a right checksum are refused or bounded, and never crash', () => {
  const random = seededRandom(7);
  const good = encoder.encode(OWNER, lineOf(59)).subarray(0, -4);
  let refused = 0;
  for (let run = 0; run < 5_000; run += 1) {
    const body = good.slice();
    for (let n = 0; n < 3; n += 1) body[1 + Math.floor(random() * (body.length - 1))] = Math.floor(random() * 256);
    const bytes = encoder.sealed(OWNER, body);
    const span = { from: DAY, to: DAY + 24 };
    for (const open of [
      () => decodeTotals(OWNER, bytes, DAY, DAY + 24),
      () => decodeSomeTotals(OWNER, bytes, span, new Set([9])),
    ])
      try {
        open();
      } catch (error) {
        expect(error).toMatchObject({ code: 'frame-malformed' });
        refused += 1;
      }
  }
  expect(refused).toBeGreaterThan(1_000);
});

test.each<[string, TotalsBlock, RegExp]>([
  ['no hour', emptyTotals(new Uint32Array(0), Uint32Array.of(1)), /0 hours/],
  ['25 hours', emptyTotals(new Uint32Array(25), Uint32Array.of(1)), /25 hours/],
  ['an hour twice', emptyTotals(Uint32Array.of(4, 4), Uint32Array.of(1)), /hour 4 after 4/],
  ['a series twice', emptyTotals(Uint32Array.of(4), Uint32Array.of(1, 1)), /series 1 after 1/],
  ['2,049 series', emptyTotals(Uint32Array.of(4), new Uint32Array(2_049)), /2049 series/],
  ['a count with a fraction', lineOf(0.5), /a count of 0.5/],
  ['a sum without end', { ...lineOf(60), sum: new Float64Array(4).fill(Infinity) }, /without end/],
])('the encoder refuses %s and names the owner', (_what, block, why) => {
  expect(() => encoder.encode(OWNER, block)).toThrow(why);
  expect(() => encoder.encode(OWNER, block)).toThrow(OWNER);
});
