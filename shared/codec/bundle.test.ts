// Bundles give back their batches, and bytes that are none are refused.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { batchesOf, bundle, isBundle, MAX_BUNDLE_BATCHES, partsOf } from './bundle.ts';

const part = fc.record({
  n: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
  data: fc.uint8Array({ minLength: 1, maxLength: 400 }).map((bytes) => {
    bytes[0] = 1; // a delta frame's version
    return bytes;
  }),
});

test('what goes in comes out, in order', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 40 }), (parts) => {
      const data = bundle(parts);
      expect(isBundle(data)).toBe(parts.length > 1);
      expect(batchesOf(data)).toEqual(parts.map((one) => one.data));
      if (parts.length > 1) expect(partsOf(data)).toEqual(parts);
    }),
  );
});

test('any bytes are batches within them or frame-malformed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const data = Uint8Array.of(0xb1, ...bytes);
      try {
        const all = partsOf(data);
        expect(all.reduce((sum, one) => sum + one.data.length + 6, 1)).toBe(data.length);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect((error as AppError).code).toBe('frame-malformed');
      }
    }),
  );
});

const SMALL = [0, 0, 1, 0, 0, 9, 1];

test.each<[string, number[]]>([
  ['nothing inside', []],
  ['a single batch', SMALL],
  ['half a head', [...SMALL, 0, 0]],
  ['a length beyond the end', [...SMALL, 0, 0, 9, 0, 0, 1, 1]],
  ['an empty batch', [...SMALL, 0, 0, 0, 0, 0, 1]],
])('%s is refused', (_what, bytes) => {
  expect(() => partsOf(Uint8Array.of(0xb1, ...bytes))).toThrow(AppError);
});

test('no more batches than the bound', () => {
  const some = (count: number) => bundle(Array.from({ length: count }, () => ({ n: 1, data: Uint8Array.of(1) })));
  expect(partsOf(some(MAX_BUNDLE_BATCHES))).toHaveLength(MAX_BUNDLE_BATCHES);
  expect(() => partsOf(some(MAX_BUNDLE_BATCHES + 1))).toThrow('more than');
});
