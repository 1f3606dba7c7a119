// The inputs of `fuzz chunks`: damaged chunks, and such as a hostile peer seals anew; the n-th of a seed is always the same.
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '#shared/base/errors.ts';
import { decodeChunk } from '#shared/codec/chunk-decoder.ts';
import { ChunkEncoder } from '#shared/codec/chunk-encoder.ts';
import { CHECKSUM_BYTES, chunkChecksum } from '#shared/codec/chunk-format.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { hoursOfMix } from '#test/fixtures/hour-mix.ts';
import { TEST_HOUR, testDevice } from '#test/fixtures/poll-arbitrary.ts';
import { seededRandom, seedFrom } from '#test/fixtures/seeded-random.ts';
import type { Fuzz } from './frame-inputs.ts';
import { below, damage, noiseOf, pick, type Random } from './mutate.ts';

const DEVICE = testDevice(1);
const encoder = new ChunkEncoder();
const GOOD = makeChunks();

/** What the inputs came to. */
export const chunkTally = { damaged: 0, wrong: 0, sealedAnew: 0, taken: 0 };

/** Small ones of every kind of column, so that an edit meets what it is for, and a few of forty series. */
function makeChunks(): Uint8Array[] {
  const random = seededRandom(1);
  const hours = hoursOfMix({ devices: 24, seed: 1, hour: TEST_HOUR }).map(({ hour }) => hour);
  const small = hours.slice(4).map((hour) => reduced(hour, 1 + below(random, 24), 1 + below(random, 9), random));
  return [...hours.slice(0, 4), ...small].map((hour) => encoder.encode(DEVICE, hour));
}

/** Some rows and columns of the hour, of which a few get gaps, fractions or decimals. */
function reduced({ times, series, values }: DeviceHour, rows: number, columns: number, random: Random): DeviceHour {
  const picked = Array.from({ length: columns }, () => {
    const from = below(random, series.length) * times.length;
    const change = pick(random, [
      (value: number) => value,
      (value: number) => (random() < 0.2 ? Number.NaN : value),
      (value: number) => value / 3,
      (value: number) => value / 100,
    ]);
    return [...values.subarray(from, from + rows)].map(change);
  });
  return {
    times: times.slice(0, rows),
    series: Uint32Array.from(picked, (_, i) => i * i),
    values: Float64Array.from(picked.flat()),
  };
}

/** The hour, or undefined when the bytes are refused as they should be. */
function opened(chunk: Uint8Array): DeviceHour | undefined {
  try {
    return decodeChunk(DEVICE, TEST_HOUR, chunk);
  } catch (error) {
    if (error instanceof AppError && error.code === 'frame-malformed') return undefined;
    throw error;
  }
}

function tryDamaged(random: Random): void {
  const chunk = pick(random, GOOD);
  const changed = damage(chunk, random);
  if (Buffer.compare(changed, chunk) === 0) return;
  chunkTally.damaged += 1;
  if (opened(changed) === undefined) return;
  chunkTally.wrong += 1;
  throw new Error('a changed chunk was opened');
}

function noiseOfVersion1(random: Random): Uint8Array {
  // At least the byte of the version; more than a few hundred would only be refused later.
  const bytes = noiseOf(random, 1 + below(random, 400));
  bytes[0] = 1;
  return bytes;
}

/** Whatever a right checksum lets in must be an hour like any other. */
function trySealedAnew(random: Random): void {
  const chunk = pick(random, GOOD);
  const body = random() < 0.1 ? noiseOfVersion1(random) : damage(chunk.subarray(0, -CHECKSUM_BYTES), random);
  const sealed = new Uint8Array(body.length + CHECKSUM_BYTES);
  sealed.set(body);
  new DataView(sealed.buffer).setUint32(body.length, chunkChecksum(DEVICE, body));
  chunkTally.sealedAnew += 1;
  const hour = opened(sealed);
  if (hour === undefined) return;
  chunkTally.taken += 1;
  if (!isDeepStrictEqual(opened(encoder.encode(DEVICE, hour)), hour)) throw new Error('an hour does not come back');
}

export const fuzzChunk: Fuzz = (seed, n) => {
  const random = seededRandom(seedFrom(seed, n));
  if (random() < 0.5) tryDamaged(random);
  else trySealedAnew(random);
};
