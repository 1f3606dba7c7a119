// `bench codec`: an hour of a site through both codecs, delta and chunk: bytes a sample, speed of one core, and that nothing is changed.
import { isDeepStrictEqual } from 'node:util';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { ChunkEncoder } from '#shared/codec/chunk-encoder.ts';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { batchCrc } from '#shared/protocol/batch-crc.ts';
import { encodeFrame } from '#shared/protocol/wire-codec.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import type { Bench } from './bench.ts';
import { chunkFigures } from './chunk-figures.ts';
import { mixData } from './mix-data.ts';
import { victoriaBytes } from './peers/metric-peers.ts';
import { cpuSeconds, median, rounded } from './statistics.ts';

const HOUR = 490_000;
const SEED = 1;
/** A P2 batch is committed at this many samples. */
const BATCH_SAMPLES = 500;
/** The first rounds run while the code is still being compiled. */
const WARM_ROUNDS = 2;
const ROUNDS = 5;

interface Batch {
  data: Uint8Array;
  samples: number;
}

function hourOfPolls(devices: number): PollRecord[] {
  const sweeps = pollsOfMix({ devices, columns: 30, seed: SEED, from: HOUR * HOUR_MS });
  return Array.from({ length: 60 }, () => sweeps.next().value ?? []).flat();
}

function encode(polls: readonly PollRecord[]): Batch[] {
  const encoder = new DeltaEncoder(HOUR);
  const batches: Batch[] = [];
  for (const record of polls) {
    encoder.add(record);
    if (encoder.samples >= BATCH_SAMPLES) batches.push(encoder.take());
  }
  batches.push(encoder.take());
  return batches;
}

function decode(batches: readonly Batch[], options?: { only: PollRecord['device'] }): PollRecord[] {
  const decoder = new DeltaDecoder(HOUR, options);
  return batches.flatMap(({ data }) => decoder.decode(data));
}

const framed = ({ data, samples }: Batch, seq: number): number => {
  const batch = { lane: 2, seq, kind: 'samples', hour: HOUR, n: samples, data } as const;
  return encodeFrame({ id: seq, type: 'BATCH', body: { ...batch, crc: batchCrc(batch) } }).length;
};

/** A day of the same data in both: chunks, and VictoriaMetrics after it has merged. */
async function besideVictoria(isQuick: boolean) {
  const data = mixData({ devices: isQuick ? 20 : 500, hours: 24, hour: HOUR, seed: SEED });
  const encoder = new ChunkEncoder();
  let bytes = 0;
  for (let hour = 0; hour < 24; hour += 1)
    for (const [n, id] of data.devices.entries()) bytes += encoder.encode(id, data.deviceHour(hour, n)).length;
  const peer = await victoriaBytes(data);
  const rounded4 = (value: number) => Math.round(value * 1e4) / 1e4;
  return {
    checksum: data.checksum,
    figures: {
      dayBytesPerSample: rounded4(bytes / data.samples),
      victoriaBytesPerSample: rounded4(peer.data),
      victoriaAllBytesPerSample: rounded4(peer.all),
      victoriaRatio: rounded4(bytes / data.samples / peer.data),
    },
  };
}

export const benchCodec: Bench = async ({ isQuick, say }) => {
  const start = systemClock.monotonic();
  const polls = hourOfPolls(isQuick ? 100 : 500);
  const batches = encode(polls);
  const samples = batches.reduce((sum, batch) => sum + batch.samples, 0);
  const changed = decode(batches).filter((record, i) => !isDeepStrictEqual(record, polls[i])).length;
  say(`${samples} samples in ${batches.length} batches`);
  const device = polls[7]?.device;
  const rounds = Array.from({ length: WARM_ROUNDS + ROUNDS }, () => ({
    encode: cpuSeconds(() => encode(polls)),
    decode: cpuSeconds(() => decode(batches)),
    one: cpuSeconds(() => device && decode(batches, { only: device })),
  })).slice(WARM_ROUNDS);
  const perSample = (bytes: number) => Math.round((bytes / samples) * 1_000) / 1_000;
  const sizes = (of: (batch: Batch, i: number) => number) => batches.reduce((sum, batch, i) => sum + of(batch, i), 0);
  const chunk = chunkFigures({ devices: isQuick ? 40 : 500, warmRounds: isQuick ? 2 : 6, rounds: isQuick ? 3 : 9 });
  const beside = await besideVictoria(isQuick);
  return {
    name: 'bench codec',
    durationMs: systemClock.monotonic() - start,
    figures: {
      samples,
      changed,
      bytesPerSample: perSample(sizes(({ data }) => data.length)),
      framedBytesPerSample: perSample(sizes((batch, i) => framed(batch, i + 1))),
      encodeMps: rounded(samples / 1e6 / median(rounds.map((round) => round.encode))),
      decodeMps: rounded(samples / 1e6 / median(rounds.map((round) => round.decode))),
      oneDeviceMs: rounded(median(rounds.map((round) => round.one)) * 1_000),
      ...chunk.figures,
      ...beside.figures,
    },
    details: {
      seed: SEED,
      series: 30,
      chunkSeries: 40,
      intervalS: 60,
      chunkData: chunk.checksum,
      dayData: beside.checksum,
    },
  };
};
