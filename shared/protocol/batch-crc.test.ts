// The checksum of a batch changes with every bit of what it covers, and never with the build.
import { expect, test } from 'vitest';
import type { Batch } from './batch.ts';
import { batchCrc } from './batch-crc.ts';

const batch: Omit<Batch, 'crc'> = {
  lane: 2,
  seq: 7,
  kind: 'samples',
  hour: 490_000,
  n: 3,
  data: Uint8Array.of(1, 2, 3),
};

test('the checksum of a known batch is the one that earlier releases wrote', () => {
  expect(batchCrc(batch)).toBe(724875793);
});

test.each<[string, Partial<Batch>]>([
  ['lane', { lane: 3 }],
  ['seq', { seq: 8 }],
  ['seq beyond 32 bits', { seq: 7 + 2 ** 40 }],
  ['kind', { kind: 'records' }],
  ['hour', { hour: 490_001 }],
  ['n', { n: 4 }],
  ['one bit of data', { data: Uint8Array.of(1, 2, 2) }],
  ['length of data', { data: Uint8Array.of(1, 2, 3, 0) }],
])('another %s has another checksum', (_what, change) => {
  expect(batchCrc({ ...batch, ...change })).not.toBe(batchCrc(batch));
});
