// What the encoder refuses by name, and what the decoder refuses of hostile bytes without crash, hang or growth.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { type DeviceId, idToBytes } from '#shared/base/id.ts';
import { MAX_SERIES_PER_DEVICE, type Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { batches, TEST_HOUR, testDevice } from '#test/fixtures/poll-arbitrary.ts';
import { beginsChain, DeltaDecoder } from './delta-decoder.ts';
import { DeltaEncoder } from './delta-encoder.ts';

const START = TEST_HOUR * HOUR_MS;
const GAUGE = { metric: 8, instance: '' };
const COUNTER = { metric: 2, instance: '' };
const good: PollRecord = { device: testDevice(1), at: START, series: [GAUGE, COUNTER], values: [1, 2] };
const manySeries = (count: number, instance = ''): Series[] =>
  Array.from({ length: count }, (_, i) => ({ metric: 31, instance: `${i}${instance}` }));

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

test.each<[string, Partial<PollRecord>, RegExp]>([
  ['a time before the hour', { at: START - 1 }, /not a millisecond of hour/],
  ['a time after the hour', { at: START + HOUR_MS }, /not a millisecond of hour/],
  ['a time with a fraction', { at: START + 0.5 }, /not a millisecond of hour/],
  ['a gauge over 2^52', { values: [2 ** 52 + 1, 2] }, /metric 8 .* out of range/],
  ['a gauge under -2^52', { values: [-(2 ** 52) - 1, 2] }, /out of range/],
  ['a negative counter', { values: [1, -1] }, /metric 2 .* out of range/],
  ['a counter over 2^53 - 1', { values: [1, 2 ** 53] }, /out of range/],
  ['a fraction', { values: [1.5, 2] }, /out of range/],
  ['not a number', { values: [Number.NaN, 2] }, /out of range/],
  ['more values than series', { values: [1, 2, 3] }, /3 values for 2 series/],
  ['a metric nobody knows', { series: [GAUGE, { metric: 9_999, instance: '' }] }, /9999 is not in the catalogue/],
  ['a column twice', { series: [GAUGE, { ...GAUGE }] }, /appears twice/],
  ['an instance of 256 bytes', { series: [GAUGE, { metric: 31, instance: 'x'.repeat(256) }] }, /256 bytes/],
  ['half a surrogate pair', { series: [GAUGE, { metric: 31, instance: '\ud800' }] }, /well-formed/],
  ['an id that is no UUID', { device: 'printer' as DeviceId }, /no lower-case UUID/], // a wrong brand on purpose
])('the encoder refuses %s, names the device and is not harmed', (_what, change, why) => {
  const encoder = new DeltaEncoder(TEST_HOUR);
  const bad = { ...good, ...change };
  expect(codeOf(() => encoder.add(bad))).toBe('bad-request');
  expect(() => encoder.add(bad)).toThrow(why);
  expect(() => encoder.add(bad)).toThrow(bad.device);
  encoder.add(good);
  encoder.add({ ...good, at: START + 1 });
  const { data, records } = encoder.take();
  expect(records).toBe(2);
  expect(new DeltaDecoder(TEST_HOUR).decode(data)).toEqual([good, { ...good, at: START + 1 }]);
});

test('the largest device fits one batch, and one series more is refused', () => {
  const encoder = new DeltaEncoder(TEST_HOUR);
  const series = manySeries(MAX_SERIES_PER_DEVICE, 'x'.repeat(100));
  encoder.add({ ...good, series, values: series.map((_, i) => (i % 2 === 0 ? 2 ** 52 : -(2 ** 52))) });
  encoder.add({ ...good, series, values: series.map((_, i) => (i % 2 === 0 ? -(2 ** 52) : 2 ** 52)) });
  const { data } = encoder.take();
  expect(data.length).toBeLessThan(140 * 1024);
  expect(new DeltaDecoder(TEST_HOUR).decode(data)).toHaveLength(2);
  const more = manySeries(MAX_SERIES_PER_DEVICE + 1);
  expect(() => encoder.add({ ...good, series: more, values: more.map(() => 1) })).toThrow(/1025 series/);
  const long = manySeries(MAX_SERIES_PER_DEVICE, 'x'.repeat(200));
  expect(() => encoder.add({ ...good, series: long, values: long.map(() => 1) })).toThrow(/series names/);
});

test('a batch holds 200,000 values and a chain 4,096 devices; the encoder says so before the decoder must', () => {
  const encoder = new DeltaEncoder(TEST_HOUR);
  const series = manySeries(1_000);
  const values = series.map(() => undefined);
  for (let n = 0; n < 200; n += 1) encoder.add({ ...good, series, values });
  expect(() => encoder.add({ ...good, series, values })).toThrow(/batch is full/);
  expect(new DeltaDecoder(TEST_HOUR).decode(encoder.take().data)).toHaveLength(200);

  const crowd = new DeltaEncoder(TEST_HOUR);
  for (let n = 0; n < 4_096; n += 1) crowd.add({ ...good, device: testDevice(n) });
  expect(() => crowd.add({ ...good, device: testDevice(5_000) })).toThrow(/4096 devices/);
});

/** Three batches of one chain. */
function chain(): Uint8Array[] {
  const encoder = new DeltaEncoder(TEST_HOUR);
  const sweeps = pollsOfMix({ devices: 5, columns: 30, seed: 2, from: START });
  return [0, 1, 2].map(() => {
    for (const record of sweeps.next().value ?? []) encoder.add(record);
    return encoder.take().data;
  });
}
const EMPTY = new Uint8Array();

test('a chain of another hour, a batch out of order and a batch after a failed one are refused', () => {
  const [first = EMPTY, second = EMPTY, third = EMPTY] = chain();
  expect([first, second].map(beginsChain)).toEqual([true, false]);
  expect(() => new DeltaDecoder(TEST_HOUR + 1).decode(first)).toThrow(/hour 490000, expected hour 490001/);
  const decoder = new DeltaDecoder(TEST_HOUR);
  expect(codeOf(() => decoder.decode(second))).toBe('frame-malformed');
  expect(decoder.decode(first)).toHaveLength(5);
  expect(() => decoder.decode(third)).toThrow(/batch 2 of its chain, expected 1/);
  expect(codeOf(() => decoder.decode(second))).toBe('frame-malformed');
  expect(decoder.decode(first)).toHaveLength(5);
  expect(decoder.decode(second)).toHaveLength(5);
});

test('a relay that restarts begins a new chain within the hour, and the decoder follows', () => {
  const [first = EMPTY, second = EMPTY] = chain();
  const decoder = new DeltaDecoder(TEST_HOUR);
  const all = [first, second, first, second].map((data) => decoder.decode(data));
  expect(all[2]).toEqual(all[0]);
  expect(all[3]).toEqual(all[1]);
});

test('a decoded time outside the hour is refused', () => {
  const encoder = new DeltaEncoder(TEST_HOUR);
  encoder.add(good);
  const { data } = encoder.take();
  // All ones in the 22 bits of the offset: 4,194,303 ms is more than an hour. They stand before the presence bit.
  const offsetAt = data.length - 5;
  const forged = data.slice();
  forged.fill(0xff, offsetAt, offsetAt + 2);
  expect(codeOf(() => new DeltaDecoder(TEST_HOUR).decode(forged))).toBe('frame-malformed');
});

test('another version of the frame is refused by its number', () => {
  expect(() => new DeltaDecoder(TEST_HOUR).decode(Uint8Array.of(2, 0))).toThrow(/version 2/);
});

test('random bytes are refused or decoded, never more', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, hasHeader) => {
      const header = new DeltaEncoder(TEST_HOUR).take().data;
      const data = hasHeader ? Uint8Array.from([...header, ...bytes]) : bytes;
      expect(['none', 'frame-malformed']).toContain(codeOf(() => new DeltaDecoder(TEST_HOUR).decode(data)));
    }),
    { numRuns: 2_000 },
  );
});

test('damaged batches are refused or give records that the encoder would take', () => {
  fc.assert(
    fc.property(batches, fc.nat(), fc.integer({ min: 1, max: 255 }), (parts, place, flip) => {
      const encoder = new DeltaEncoder(TEST_HOUR);
      const decoder = new DeltaDecoder(TEST_HOUR);
      for (const part of parts) {
        for (const record of part) encoder.add(record);
        const { data } = encoder.take();
        const at = place % data.length;
        data[at] = (data[at] ?? 0) ^ flip;
        const again = new DeltaEncoder(TEST_HOUR);
        const code = codeOf(() => {
          for (const record of decoder.decode(data))
            if (record.series.every(({ metric }) => metric < 24)) again.add(record);
        });
        // A damaged column may say "counter" of a gauge and the like: then the encoder refuses it, and that is all.
        expect(['none', 'frame-malformed', 'bad-request']).toContain(code);
      }
    }),
    { numRuns: 500 },
  );
});

test('a batch of records that claim the most from the fewest bytes is stopped at 200,000 values', () => {
  const encoder = new DeltaEncoder(TEST_HOUR);
  const decoder = new DeltaDecoder(TEST_HOUR);
  const series = manySeries(1_000);
  const nothing = { ...good, series, values: series.map(() => undefined) };
  const warmUp = Array.from({ length: 5 }, () => {
    encoder.add(nothing);
    return encoder.take().data;
  });
  for (const data of warmUp) decoder.decode(data);
  // A record of four bytes that says a thousand times "unknown", again and again.
  const record = warmUp[4]?.slice(2) ?? EMPTY;
  expect(record.length).toBeLessThan(5);
  const bomb = Uint8Array.from([1, 5, ...Array.from({ length: 50_000 }, () => [...record]).flat()]);
  expect(() => decoder.decode(bomb)).toThrow(/too many values/);
});

const HEADER = [...new DeltaEncoder(TEST_HOUR).take().data];
const ID = [...idToBytes(testDevice(1))];
/** A full record of the next new device with what follows its id. */
const full = (...rest: number[]) => [17 + rest.length, 1, ...ID, ...rest];
const NO_COLUMNS = [0, 0, 0, 0, 0];

test('the hand-made records below are good but for what they are made to be', () => {
  const decoded = new DeltaDecoder(TEST_HOUR).decode(Uint8Array.from([...HEADER, ...full(0, ...NO_COLUMNS.slice(1))]));
  expect(decoded).toEqual([{ device: testDevice(1), at: START, series: [], values: [] }]);
});

test.each([
  ['a delta of a device nobody knows', [2, 0, 0], 'without a full record'],
  ['a device index beyond the next free one', [3, 4 | 1, 0, 0], 'no known device'],
  ['a device index below zero', [3, 2 | 1, 0, 0], 'no known device'],
  ['an id that is no UUID', [17, 1, ...ID.map(() => 0x11)], 'no UUID'],
  ['columns of a device nobody knows', full(9, 0, 0, 0), 'columns of no known device'],
  ['more columns than its bytes could hold', full(0, 200, 1, 16, 0), 'too many columns'],
  ['134 million columns', full(0, 0xff, 0xff, 0xff, 0x3f), 'too many columns'],
  ['a column twice', full(0, 2, 16, 0, 16, 0, 0, 0, 0), 'appears twice'],
  ['a column name that is not UTF-8', full(0, 1, 16, 1, 0xff, 0, 0, 0), 'not UTF-8'],
  ['a name longer than its record', full(0, 1, 16, 200, 65), 'ends too early'],
  ['a record longer than its batch', [100, 1, ...ID], 'longer than its batch'],
  ['a record with bytes behind its end', full(0, ...NO_COLUMNS, 0, 0), 'too long'],
  ['a record padded with ones', full(0, 0, 0, 0, 1), 'too long'],
  ['a number of five bytes', [0x80, 0x80, 0x80, 0x80, 1], 'too many bytes'],
  ['an empty record', [0], 'ends too early'],
])('%s is refused', (_what, record, why) => {
  const decode = () => new DeltaDecoder(TEST_HOUR).decode(Uint8Array.from([...HEADER, ...record]));
  expect(codeOf(decode)).toBe('frame-malformed');
  expect(decode).toThrow(why);
});

test('a chain stops at 4,096 devices, a batch at a mebibyte', () => {
  const record = full(0, ...NO_COLUMNS.slice(1));
  const crowd = (count: number) => {
    const bytes = Uint8Array.from([...HEADER, ...Array.from({ length: count }, () => record).flat()]);
    return () => new DeltaDecoder(TEST_HOUR).decode(bytes);
  };
  expect(crowd(4_096)()).toHaveLength(4_096);
  expect(crowd(4_097)).toThrow('more than 4096 devices');
  expect(() => new DeltaDecoder(TEST_HOUR).decode(new Uint8Array(2 ** 20 + 1))).toThrow('too long');
});
