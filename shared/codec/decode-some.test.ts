// Some series of a chunk are the same values as all of them have, whatever stands between; and hostile bytes are refused in one way.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { deviceHours } from '#test/fixtures/hour-arbitrary.ts';
import { TEST_HOUR, testDevice } from '#test/fixtures/poll-arbitrary.ts';
import { decodeChunk, decodeSome } from './chunk-decoder.ts';
import { ChunkEncoder } from './chunk-encoder.ts';
import { CHECKSUM_BYTES, chunkChecksum } from './chunk-format.ts';
import type { DeviceHour } from './device-hour.ts';

const DEVICE = testDevice(1);
const SPAN = { hour: TEST_HOUR, hours: 1 };
const encoder = new ChunkEncoder();

function picked({ times, series, values }: DeviceHour, wanted: ReadonlySet<number>): DeviceHour {
  const columns = Array.from(series.keys()).filter((column) => wanted.has(series[column] ?? -1));
  return {
    times,
    series: Uint32Array.from(columns, (column) => series[column] ?? 0),
    values: Float64Array.from(
      columns.flatMap((column) => [...values.subarray(column * times.length, (column + 1) * times.length)]),
    ),
  };
}

test('any series of any hour are what the whole hour says of them', () => {
  fc.assert(
    fc.property(deviceHours, fc.infiniteStream(fc.boolean()), (hour, coin) => {
      const chunk = encoder.encode(DEVICE, hour);
      const wanted = new Set([...hour.series].filter(() => coin.next().value));
      wanted.add(2 ** 24 - 3);
      expect(decodeSome(DEVICE, SPAN, chunk, wanted)).toEqual(picked(decodeChunk(DEVICE, TEST_HOUR, chunk), wanted));
    }),
    { numRuns: 1_000 },
  );
});

test('bytes that were changed under a right checksum are refused, or read within bounds', () => {
  fc.assert(
    fc.property(deviceHours, fc.nat(), fc.integer({ min: 1, max: 255 }), (hour, at, flip) => {
      const chunk = encoder.encode(DEVICE, hour).slice();
      const body = chunk.subarray(0, chunk.length - CHECKSUM_BYTES);
      body[at % body.length] = (body[at % body.length] ?? 0) ^ flip;
      new DataView(chunk.buffer, chunk.byteOffset).setUint32(body.length, chunkChecksum(DEVICE, body));
      try {
        const { times, series, values } = decodeSome(DEVICE, SPAN, chunk, new Set([...hour.series].slice(-1)));
        expect(values.length).toBe(times.length * series.length);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect(error).toMatchObject({ code: 'frame-malformed' });
      }
    }),
    { numRuns: 1_000 },
  );
});

test('bytes that were changed are refused, though what is wanted stands before them', () => {
  const hour: DeviceHour = {
    times: Float64Array.of(TEST_HOUR * 3_600_000),
    series: Uint32Array.of(1, 2),
    values: Float64Array.of(5, 1 / 3),
  };
  const chunk = encoder.encode(DEVICE, hour).slice();
  const last = chunk.length - CHECKSUM_BYTES - 2;
  chunk[last] = (chunk[last] ?? 0) ^ 1;
  expect(() => decodeSome(DEVICE, SPAN, chunk, new Set([1]))).toThrow(/damaged/);
});
