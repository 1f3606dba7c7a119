// The chunks' part of `bench codec`: an hour of a site sealed, opened and rolled up, with the checksum of what was sealed.
import { isDeepStrictEqual } from 'node:util';
import { crc32 } from 'node:zlib';
import { decodeChunk } from '#shared/codec/chunk-decoder.ts';
import { ChunkEncoder } from '#shared/codec/chunk-encoder.ts';
import { rollupOf } from '#shared/codec/rollup.ts';
import { hoursOfMix, type MixHour } from '#test/fixtures/hour-mix.ts';
import type { Figures } from '#test/judge.ts';
import { cpuSeconds, median, rounded } from './statistics.ts';

const HOUR = 490_000;
const SEED = 1;

export interface ChunkFigures {
  figures: Figures;
  /** CRC-32 over times and values: two runs with the same had the same data. */
  checksum: string;
}

export interface ChunkRounds {
  devices: number;
  /** Run while the code is still being compiled, and not counted. */
  warmRounds: number;
  rounds: number;
}

export function chunkFigures({ devices, warmRounds, rounds }: ChunkRounds): ChunkFigures {
  const hours = hoursOfMix({ devices, seed: SEED, hour: HOUR });
  const encoder = new ChunkEncoder();
  const chunks = hours.map(({ device, hour }) => encoder.encode(device, hour));
  const openAll = () => hours.map(({ device }, i) => decodeChunk(device, HOUR, chunks[i] ?? new Uint8Array()));
  const opened = openAll();
  const samples = hours.reduce((sum, { hour }) => sum + hour.values.length, 0);
  const measured = Array.from({ length: warmRounds + rounds }, () => ({
    seal: cpuSeconds(() => hours.map(({ device, hour }) => encoder.encode(device, hour))),
    open: cpuSeconds(openAll),
    rollup: cpuSeconds(() => opened.map(rollupOf)),
  })).slice(warmRounds);
  const mps = (seconds: number[]) => rounded(samples / 1e6 / median(seconds));
  return {
    figures: {
      chunkSamples: samples,
      chunkChanged: opened.filter((hour, i) => !isDeepStrictEqual(hour, hours[i]?.hour)).length,
      chunkBytesPerSample: Math.round((chunks.reduce((sum, { length }) => sum + length, 0) / samples) * 1e4) / 1e4,
      chunkEncodeMps: mps(measured.map(({ seal }) => seal)),
      chunkDecodeMps: mps(measured.map(({ open }) => open)),
      rollupMps: mps(measured.map(({ rollup }) => rollup)),
    },
    checksum: checksumOf(hours).toString(16),
  };
}

const checksumOf = (hours: readonly MixHour[]): number =>
  hours.reduce(
    (sum, { hour: { times, values } }) =>
      crc32(new Uint8Array(values.buffer), crc32(new Uint8Array(times.buffer), sum)),
    0,
  );
