// `bench backfill`: hours that a relay sealed, over the wire's codec and through the worker's checks into day files: samples a CPU second.
import { keepPart } from '#console/metrics/keep-call.ts';
import { packKeep } from '#console/metrics/keep-part.ts';
import { sealPart } from '#console/metrics/seal-call.ts';
import { packPart } from '#console/metrics/seal-part.ts';
import type { CallContext } from '#console/metrics/worker-call.ts';
import { tellChunks } from '#relay/history/tell-history.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import type { DayStore } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { type ChunkCursor, MAX_CHUNKS_BYTES } from '#shared/protocol/history.ts';
import { decodeFrame, encodeFrame } from '#shared/protocol/wire-codec.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { epochNo, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { median, rounded } from './statistics.ts';

/** The first hour of a day. */
const FIRST_HOUR = 489_984;
const COLUMNS = 40;
const POLLS = 60;
/** Hours that run while the code is still being compiled. */
const WARM = 2;
const PLACE = { relay: relayNo(1), site: siteNo(1) };

const contextOf = (store: FileDayStore): CallContext => ({
  store,
  folder: '',
  signal: new AbortController().signal,
  giveWay: () => Promise.resolve(),
});

/** What a relay has on its disk, made before anything is measured. Gives the samples of an hour. */
async function sealRelay(store: FileDayStore, devices: number, hours: number): Promise<number> {
  const sweeps = pollsOfMix({ devices, columns: COLUMNS, seed: 1, from: FIRST_HOUR * HOUR_MS });
  let samples = 0;
  for (let n = 0; n < hours; n += 1) {
    const encoder = new DeltaEncoder(FIRST_HOUR + n);
    const frames: Uint8Array[] = [];
    for (let minute = 0; minute < POLLS; minute += 1)
      for (const poll of sweeps.next().value ?? []) {
        encoder.add(poll);
        if (encoder.size >= 64 * 1_024) frames.push(encoder.take().data);
      }
    frames.push(encoder.take().data);
    const chain = { relay: PLACE.relay, epoch: epochNo(1), lane: 2, frames } as const;
    const hour = { site: PLACE.site, hour: FIRST_HOUR + n, isFirst: true, isLast: true };
    const sealed = await sealPart(packPart(hour, [chain]).part, contextOf(store));
    samples = sealed?.samples ?? 0;
  }
  return samples;
}

/** CHUNKS frames of one hour, as they come over the link. */
function answersOf(store: DayStore, hour: number): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let after: ChunkCursor | undefined;
  do {
    const ask = { kind: 'chunks', ask: 1, from: hour, to: hour + 1, maxBytes: MAX_CHUNKS_BYTES } as const;
    const body = tellChunks(store, after === undefined ? ask : { ...ask, after }, () => undefined);
    frames.push(encodeFrame({ id: frames.length + 1, type: 'CHUNKS', body }));
    after = body.next;
  } while (after !== undefined);
  return frames;
}

/** The console's whole part of it, but for the socket. */
async function keepHour(
  store: FileDayStore,
  hour: number,
  frames: readonly Uint8Array[],
  samples: number,
): Promise<number> {
  let kept = 0;
  for (const [i, bytes] of frames.entries()) {
    const decoded = decodeFrame(bytes, { from: 'relay', state: 'open' });
    if (!decoded.ok || decoded.frame.type !== 'CHUNKS' || decoded.frame.body.kind !== 'chunks')
      throw new Error('an answer was refused');
    const { series, chunks } = decoded.frame.body;
    const claim = i === frames.length - 1 ? { devices: chunks.length, samples } : undefined;
    const { part } = packKeep({ ...PLACE, hour, series, chunks, isFirst: i === 0, claim });
    kept += (await keepPart(part, contextOf(store))).samples;
  }
  return kept;
}

interface Backfill {
  millionsPerSecond: number;
  wrong: number;
}

/** `isOther`: the day has series already, so that all numbers differ from the relay's. */
async function backfill(relay: DayStore, hours: number, samples: number, isOther: boolean): Promise<Backfill> {
  await using folder = makeTempFolder('rmm-backfill');
  const store = new FileDayStore({ folder: folder.path, onDamage: () => undefined });
  const other = { name: 'load.1', instance: 'another', unit: 'load', kind: 'gauge', resolution: 0.01 } as const;
  if (isOther) store.write(FIRST_HOUR / 24, (writer) => writer.numberOf(other));
  try {
    const seconds: number[] = [];
    let wrong = 0;
    for (let hour = FIRST_HOUR; hour < FIRST_HOUR + hours; hour += 1) {
      const frames = answersOf(relay, hour);
      const before = process.cpuUsage();
      const kept = await keepHour(store, hour, frames, samples);
      const { user, system } = process.cpuUsage(before);
      seconds.push((user + system) / 1e6);
      wrong += kept === samples ? wrongOf(relay, store, hour) : samples;
    }
    return { millionsPerSecond: samples / median(seconds.slice(WARM)) / 1e6, wrong };
  } finally {
    store.stop();
  }
}

/** Values that are not the relay's, each under the name of its series. */
function wrongOf(relay: DayStore, store: DayStore, hour: number): number {
  const [theirs, ours] = [relay.read(FIRST_HOUR / 24), store.read(FIRST_HOUR / 24)];
  let wrong = 0;
  for (const { device } of theirs?.devices() ?? []) {
    const [said, kept] = [theirs?.raw(device, hour), ours?.raw(device, hour)];
    const rows = said?.times.length ?? 0;
    for (const [column, number] of (said?.series ?? []).entries()) {
      const { name = '', instance = '' } = theirs?.seriesOf(number) ?? {};
      const own = kept?.series.indexOf(ours?.numberOf(name, instance) ?? -1) ?? -1;
      for (let row = 0; row < rows; row += 1)
        if (!Object.is(said?.values[column * rows + row], kept?.values[own * rows + row])) wrong += 1;
    }
  }
  return wrong;
}

export const benchBackfill: Bench = async ({ isQuick, say }) => {
  const start = systemClock.monotonic();
  const [devices, hours] = isQuick ? [100, 5] : [500, 12];
  await using folder = makeTempFolder('rmm-backfill-relay');
  const relay = new FileDayStore({ folder: folder.path, onDamage: () => undefined });
  try {
    const samples = await sealRelay(relay, devices, hours);
    const same = await backfill(relay, hours, samples, false);
    say(`an empty day: ${rounded(same.millionsPerSecond)} M samples a CPU second, ${same.wrong} wrong`);
    const other = await backfill(relay, hours, samples, true);
    say(`a day of other numbers: ${rounded(other.millionsPerSecond)} M samples a CPU second, ${other.wrong} wrong`);
    return {
      name: 'bench backfill',
      durationMs: systemClock.monotonic() - start,
      figures: {
        samples: samples * hours,
        emptyDayMps: rounded(same.millionsPerSecond),
        otherNumbersMps: rounded(other.millionsPerSecond),
        wrong: same.wrong + other.wrong,
      },
      details: { devices, hours, series: COLUMNS, intervalS: 60 },
    };
  } finally {
    relay.stop();
  }
};
