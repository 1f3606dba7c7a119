// Which batches travel together: those of one lane and hour that follow one another, within the bounds.
import { expect, test } from 'vitest';
import { partsOf } from '#shared/codec/bundle.ts';
import type { Batch } from './batch.ts';
import { batchCrc } from './batch-crc.ts';
import { bundleFrom, MAX_BUNDLE_COUNT, MAX_BUNDLE_SAMPLES } from './bundle-batches.ts';

const batch = (seq: number, change: Partial<Batch> = {}): Batch => ({
  ...{ lane: 2, seq, kind: 'samples', hour: 7, n: 10, crc: 0, data: new Uint8Array(100).fill(1) },
  ...change,
});
const span = (batches: Batch[], maxBytes?: number) => {
  const found = bundleFrom(batches, 0, maxBytes);
  return found && [found.from, found.seq];
};

test('neighbours become one, with the sum of their samples and a checksum of its own', () => {
  const found = bundleFrom([batch(4), batch(5), batch(6, { n: 7 })], 0);
  expect(found).toMatchObject({ lane: 2, from: 4, seq: 6, kind: 'samples', hour: 7, n: 27 });
  expect(found && batchCrc(found)).toBe(found?.crc);
  expect(partsOf(found?.data ?? new Uint8Array()).map(({ n }) => n)).toEqual([10, 10, 7]);
});

test.each<[string, Batch[], Array<number | undefined> | undefined]>([
  ['nothing', [], undefined],
  ['one alone stays as it is', [batch(4)], [undefined, 4]],
  ['another hour', [batch(4), batch(5), batch(6, { hour: 8 })], [4, 5]],
  ['another lane', [batch(4), batch(5, { lane: 3 })], [undefined, 4]],
  ['a hole', [batch(4), batch(6)], [undefined, 4]],
  ['records', [batch(4, { kind: 'records' }), batch(5, { kind: 'records' })], [undefined, 4]],
  ['too many samples', [batch(4), batch(5, { n: MAX_BUNDLE_SAMPLES })], [undefined, 4]],
])('%s', (_what, batches, expected) => {
  expect(span(batches)).toEqual(expected);
});

test('no more bytes and no more batches than the bounds', () => {
  const many = Array.from({ length: 2 * MAX_BUNDLE_COUNT }, (_, i) => batch(i + 1));
  expect(span(many, 350)).toEqual([1, 3]);
  expect(span(many, 1)).toEqual([undefined, 1]);
  expect(span(many)).toEqual([1, MAX_BUNDLE_COUNT]);
  expect(span(many.map((one) => ({ ...one, data: new Uint8Array(30_000) })))).toEqual([1, 2]);
});
