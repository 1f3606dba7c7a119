// The bytes of a remote write message, read by a decoder that knows protobuf and nothing of ours.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MirrorSeries } from './metric-sink.ts';
import { encodeWriteRequest } from './write-request.ts';

type Field = { field: number; wire: number; value: Uint8Array | bigint };

function fieldsOf(bytes: Uint8Array): Field[] {
  let at = 0;
  const varint = (): bigint => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
      if (byte < 128) return value;
    }
  };
  const take = (size: number): Uint8Array => {
    at += size;
    if (at > bytes.length) throw new Error('past the end');
    return bytes.subarray(at - size, at);
  };
  const fields: Field[] = [];
  while (at < bytes.length) {
    const key = Number(varint());
    const wire = key % 8;
    const value = wire === 0 ? varint() : take(wire === 1 ? 8 : Number(varint()));
    fields.push({ field: Math.floor(key / 8), wire, value });
  }
  return fields;
}

const inner = ({ value }: Field): Field[] => fieldsOf(value as Uint8Array); // of wire type 2
const text = ({ value }: Field): string => new TextDecoder().decode(value as Uint8Array); // likewise

function decode(bytes: Uint8Array): MirrorSeries[] {
  return fieldsOf(bytes).map((one) => {
    const parts = inner(one);
    const samples = parts.filter(({ field }) => field === 2).map(inner);
    const double = (bytes8: Uint8Array) => new DataView(bytes8.buffer, bytes8.byteOffset).getFloat64(0, true);
    return {
      labels: parts
        .filter(({ field }) => field === 1)
        .map(inner)
        .map(([name, value]) => [text(name as Field), text(value as Field)] as const), // both are always there
      times: samples.map(([, at]) => Number(at?.value)),
      values: samples.map(([value]) => double(value?.value as Uint8Array)), // a fixed 64
    };
  });
}

test('golden bytes of one series of two samples', () => {
  const series = [{ labels: [['__name__', 'up']] as const, times: [0, 1_700_000_000_000], values: [1, -0.5] }];
  expect(Buffer.from(encodeWriteRequest(series)).toString('hex')).toBe(
    '0a2f0a0e0a085f5f6e616d655f5f12027570120b09000000000000f03f100012100' + '9000000000000e0bf1080d095ffbc31',
  );
});

test('whatever is written is read back, by a reader of protobuf alone', () => {
  const label = fc.tuple(fc.string({ minLength: 1, maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 300 }));
  const sample = fc.tuple(fc.integer({ min: 0, max: 2 ** 45 }), fc.double({ noNaN: true }));
  const series = fc
    .record({ labels: fc.array(label, { maxLength: 5 }), samples: fc.array(sample, { maxLength: 200 }) })
    .map(({ labels, samples }) => ({
      labels,
      times: samples.map(([at]) => at),
      values: samples.map(([, value]) => value),
    }));
  fc.assert(
    fc.property(fc.array(series, { maxLength: 4 }), (all) => {
      expect(decode(encodeWriteRequest(all))).toEqual(all);
    }),
    { numRuns: 50 },
  );
});
