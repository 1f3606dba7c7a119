// What the encoder of chunks refuses by name, and what the decoder refuses of damaged and hostile bytes without crash or growth.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { deviceHours } from '#test/fixtures/hour-arbitrary.ts';
import { hoursOfMix } from '#test/fixtures/hour-mix.ts';
import { TEST_HOUR, testDevice } from '#test/fixtures/poll-arbitrary.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { BitWriter } from './bit-writer.ts';
import { decodeChunk } from './chunk-decoder.ts';
import { ChunkEncoder } from './chunk-encoder.ts';
import { chunkChecksum, MAX_CHUNK_BYTES, RAW, SPARSE } from './chunk-format.ts';
import type { DeviceHour } from './device-hour.ts';
import { writeCount, writeResidual, writeSized } from './residual-code.ts';

const DEVICE = testDevice(1);
const START = TEST_HOUR * HOUR_MS;
const encoder = new ChunkEncoder();
const good: DeviceHour = {
  times: Float64Array.of(START, START + 60_000),
  series: Uint32Array.of(3, 4),
  values: Float64Array.of(1, 2, 3, 4),
};

/** The code of what `act` throws; anything but an AppError is rethrown. */
function codeOf(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

const manyRows = (rows: number, columns: number): DeviceHour => ({
  times: Float64Array.from({ length: rows }, (_, i) => START + i),
  series: Uint32Array.from({ length: columns }, (_, i) => i),
  values: new Float64Array(rows * columns),
});

test.each<[string, DeviceHour, RegExp]>([
  ['no row', { ...good, times: new Float64Array(0) }, /without a row/],
  ['3,601 rows', manyRows(3_601, 1), /3601 rows/],
  ['2,049 series', manyRows(1, 2_049), /2049 series/],
  ['too many values', manyRows(3_600, 600), /3600 rows of 600 series/],
  ['fewer values than rows', { ...good, values: Float64Array.of(1, 2, 3) }, /3 values for 2 rows/],
  ['a time twice', { ...good, times: Float64Array.of(START, START) }, /comes after/],
  ['times that fall', { ...good, times: Float64Array.of(START + 1, START) }, /comes after/],
  ['times of two hours', { ...good, times: Float64Array.of(START, START + HOUR_MS) }, /no millisecond of hour/],
  ['a time with a fraction', { ...good, times: Float64Array.of(START, START + 0.5) }, /no millisecond/],
  ['a time that is no number', { ...good, times: Float64Array.of(Number.NaN, START) }, /no millisecond/],
  ['a series twice', { ...good, series: Uint32Array.of(4, 4) }, /series 4 after 4/],
  ['a series number over 24 bits', { ...good, series: Uint32Array.of(4, 2 ** 24) }, /series 16777216/],
  [
    'an infinite value',
    { ...good, values: Float64Array.of(1, 2, 3, Number.POSITIVE_INFINITY) },
    /series 4 has a value/,
  ],
])('the encoder refuses %s, names the device and is not harmed', (_what, bad, why) => {
  expect(codeOf(() => encoder.encode(DEVICE, bad))).toBe('bad-request');
  expect(() => encoder.encode(DEVICE, bad)).toThrow(why);
  expect(() => encoder.encode(DEVICE, bad)).toThrow(DEVICE);
  expect(decodeChunk(DEVICE, TEST_HOUR, encoder.encode(DEVICE, good))).toEqual(good);
});

test('the largest hours fit: 1,024 series every 2 s, and 2,048 of them', () => {
  for (const [rows, columns] of [
    [1_800, 1_024],
    [1_024, 2_048],
  ] as const) {
    const hour = manyRows(rows, columns);
    const chunk = encoder.encode(DEVICE, hour);
    expect(chunk.length).toBeLessThan(4_096);
    const { values } = decodeChunk(DEVICE, TEST_HOUR, chunk);
    expect(values.length).toBe(rows * columns);
    expect(values.every((value) => value === 0)).toBe(true);
  }
});

test('the dearest hour is smaller than the largest chunk that is read', () => {
  const random = seededRandom(1);
  const hour = manyRows(512, 2_048);
  for (let i = 0; i < hour.values.length; i += 1) hour.values[i] = random() < 0.5 ? Number.NaN : random();
  expect(encoder.encode(DEVICE, hour).length).toBeLessThan(MAX_CHUNK_BYTES / 2);
});

/** A chunk whose checksum is right, whatever is in it: what a hostile peer would send. */
function sealed(body: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(body.length + 4);
  chunk.set(body);
  new DataView(chunk.buffer).setUint32(body.length, chunkChecksum(DEVICE, body));
  return chunk;
}

test('no flipped bit gives a wrong value: 1,000 in chunks of the mix, and each bit of a small one', () => {
  const random = seededRandom(9);
  const hours = hoursOfMix({ devices: 10, seed: 9, hour: TEST_HOUR });
  const chunks = hours.map(({ device, hour }) => ({ device, chunk: encoder.encode(device, hour) }));
  for (let n = 0; n < 1_000; n += 1) {
    const { device, chunk } = chunks[n % chunks.length] ?? { device: DEVICE, chunk: new Uint8Array() };
    const flipped = chunk.slice();
    const bit = Math.floor(random() * chunk.length * 8);
    flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
    expect(codeOf(() => decodeChunk(device, TEST_HOUR, flipped))).toBe('frame-malformed');
  }
  const small = encoder.encode(DEVICE, good);
  for (let bit = 0; bit < small.length * 8; bit += 1) {
    const flipped = small.slice();
    flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
    expect(codeOf(() => decodeChunk(DEVICE, TEST_HOUR, flipped))).toBe('frame-malformed');
  }
});

test('a chunk under the key of another device or hour is refused, and so is one cut short or made longer', () => {
  const chunk = encoder.encode(DEVICE, good);
  expect(() => decodeChunk(testDevice(2), TEST_HOUR, chunk)).toThrow(/another device/);
  expect(() => decodeChunk(DEVICE, TEST_HOUR + 1, chunk)).toThrow(/no millisecond of hour/);
  for (let length = 0; length < chunk.length; length += 1)
    expect(codeOf(() => decodeChunk(DEVICE, TEST_HOUR, chunk.subarray(0, length)))).toBe('frame-malformed');
  expect(() => decodeChunk(DEVICE, TEST_HOUR, sealed(Uint8Array.of(...chunk.subarray(0, -4), 0)))).toThrow(/behind/);
  expect(() => decodeChunk(DEVICE, TEST_HOUR, new Uint8Array(MAX_CHUNK_BYTES + 1))).toThrow(/too long/);
});

test('a chunk is read in the middle of other bytes as it is alone', () => {
  const chunk = encoder.encode(DEVICE, good);
  const around = new Uint8Array(chunk.length + 20).fill(0xff);
  around.set(chunk, 7);
  expect(decodeChunk(DEVICE, TEST_HOUR, around.subarray(7, 7 + chunk.length))).toEqual(good);
});

test('hostile bytes with a right checksum are refused, or are an hour that the encoder would take', () => {
  fc.assert(
    fc.property(deviceHours, fc.nat(), fc.integer({ min: 1, max: 255 }), (hour, place, flip) => {
      const body = encoder.encode(DEVICE, hour).slice(0, -4);
      const at = place % body.length;
      body[at] = (body[at] ?? 0) ^ flip;
      const code = codeOf(() => {
        const read = decodeChunk(DEVICE, TEST_HOUR, sealed(body));
        expect(decodeChunk(DEVICE, TEST_HOUR, encoder.encode(DEVICE, read))).toEqual(read);
      });
      expect(['none', 'frame-malformed']).toContain(code);
    }),
    { numRuns: 1_000 },
  );
});

/** A chunk by hand: head, times of two rows, one series, and then what `write` says. */
function crafted(write: (writer: BitWriter) => void, { rows = 2, columns = 1, version = 1 } = {}): Uint8Array {
  const writer = new BitWriter(1_000);
  writer.bits(version, 8);
  writer.varint(rows);
  writer.varint(columns);
  writer.bits(1 << 1, 3);
  writeSized(writer, START);
  writer.bits(0, 1 + 6);
  writeResidual(writer, 1, 3, 0);
  writeResidual(writer, 0, 0, 0);
  writeCount(writer, 1);
  write(writer);
  writer.align();
  return sealed(writer.take());
}
/** Presence of all rows, kind, no decimals, base. */
const begin = (writer: BitWriter, kind: number, base: number) => {
  writer.bits(1, 1);
  writer.bits(kind << 1, 3);
  writeSized(writer, base);
};

test('the chunks made by hand below are good but for what they are made to be', () => {
  expect(
    decodeChunk(
      DEVICE,
      TEST_HOUR,
      crafted((writer) => begin(writer, 0, 9)),
    ),
  ).toEqual({
    times: Float64Array.of(START, START + 1),
    series: Uint32Array.of(0),
    values: Float64Array.of(9, 9),
  });
});

test.each<[string, Uint8Array, string]>([
  ['another version', crafted((writer) => begin(writer, 0, 9), { version: 2 }), 'version 2'],
  ['no row', crafted((writer) => begin(writer, 0, 9), { rows: 0 }), 'without a row'],
  ['268 million rows', crafted((writer) => begin(writer, 0, 9), { rows: 2 ** 28 - 1 }), 'rows, more than 3600'],
  ['268 million series', crafted((writer) => begin(writer, 0, 9), { columns: 2 ** 28 - 1 }), 'series, more than 2048'],
  ['more rows than its bytes could hold', crafted(() => undefined, { rows: 3_600 }), 'more rows and series'],
  ['more series than its bytes could hold', crafted(() => undefined, { columns: 500 }), 'more rows and series'],
  ['a base out of range', crafted((writer) => begin(writer, 0, 2 ** 53)), 'out of range'],
  ['gaps as before, and none before', crafted((writer) => writer.bits(0, 24)), 'lacked a value before'],
  [
    'a run longer than its rows',
    crafted((writer) => {
      writer.bits(0b011, 3);
      writeCount(writer, 3);
      writer.bits(0, 24);
    }),
    'longer than its rows',
  ],
  [
    'a step below zero',
    crafted((writer) => {
      begin(writer, 1, 9);
      writer.bits(1, 1);
      writeSized(writer, -4);
      writer.bits(0, 24);
    }),
    'no step',
  ],
  [
    'a parameter nobody has',
    crafted((writer) => {
      begin(writer, 1, 9);
      writer.bits(49, 7);
    }),
    'no known code',
  ],
  [
    'few changes of another order than one',
    crafted((writer) => {
      begin(writer, 1, 9);
      writer.bits(SPARSE, 7);
    }),
    'no known code',
  ],
  [
    'changes behind the last row',
    crafted((writer) => {
      begin(writer, 2, 9);
      writer.bits(SPARSE, 7);
      writeCount(writer, 9);
    }),
    'longer than its column',
  ],
  [
    'a sum that leaves the range',
    crafted((writer) => {
      begin(writer, 2, 9);
      writer.bits(0, 7);
      writeResidual(writer, 2 ** 53, 3, 0);
      writer.bits(0, 24);
    }),
    'out of range',
  ],
  [
    'a double without end',
    crafted((writer) => {
      writer.bits(0b1001, 4);
      writer.bits(RAW, 3);
      writer.bits(0x7ff0, 16);
      for (let i = 0; i < 7; i += 1) writer.bits(0, 16);
    }),
    'no number',
  ],
])('%s is refused', (_what, chunk, why) => {
  const decode = () => decodeChunk(DEVICE, TEST_HOUR, chunk);
  expect(codeOf(decode)).toBe('frame-malformed');
  expect(decode).toThrow(why);
});

test('random bytes with a right checksum are refused or decoded, never more', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, hasVersion) => {
      const body = hasVersion ? Uint8Array.of(1, ...bytes) : bytes;
      expect(['none', 'frame-malformed']).toContain(codeOf(() => decodeChunk(DEVICE, TEST_HOUR, sealed(body))));
    }),
    { numRuns: 2_000 },
  );
});
