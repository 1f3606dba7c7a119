// `bench seal`: hours of a site through the worker's sealing into day files: speed of one core, bytes all in, and the longest slice.
import { sealPart } from '#console/metrics/seal-call.ts';
import { packPart } from '#console/metrics/seal-part.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { epochNo, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { median, rounded } from './statistics.ts';

/** The first hour of a day. */
const FIRST_HOUR = 489_984;
const COLUMNS = 40;
const POLLS = 60;
/** A live relay commits every three seconds, a backlog in batches of 64 KiB: both shapes of frame. */
const TAKE_BYTES = { live: 4 * 1_024, backlog: 64 * 1_024 };

interface HourOfFrames {
  hour: number;
  frames: Uint8Array[];
  samples: number;
}

/** Frames of `hours` hours, a chain each, made before anything is measured. */
function makeHours(devices: number, hours: number, takeBytes: number): HourOfFrames[] {
  const sweeps = pollsOfMix({ devices, columns: COLUMNS, seed: 1, from: FIRST_HOUR * HOUR_MS });
  return Array.from({ length: hours }, (_, n) => {
    const encoder = new DeltaEncoder(FIRST_HOUR + n);
    const made: HourOfFrames = { hour: FIRST_HOUR + n, frames: [], samples: 0 };
    const take = () => {
      const { data, samples } = encoder.take();
      made.frames.push(data);
      made.samples += samples;
    };
    for (let minute = 0; minute < POLLS; minute += 1)
      for (const poll of (sweeps.next().value ?? []) as PollRecord[]) {
        encoder.add(poll);
        if (encoder.size >= takeBytes) take();
      }
    take();
    return made;
  });
}

interface Sealing {
  cpuSeconds: number[];
  longestMs: number;
}

async function sealAll(store: FileDayStore, hours: readonly HourOfFrames[]): Promise<Sealing> {
  const sealing: Sealing = { cpuSeconds: [], longestMs: 0 };
  const { signal } = new AbortController();
  for (const [n, { hour, frames }] of hours.entries()) {
    const chain = { relay: relayNo(1), epoch: epochNo(1), lane: 2, frames } as const;
    const { part } = packPart({ site: siteNo(1), hour, isFirst: true, isLast: true }, [chain]);
    let sliceAt = systemClock.monotonic();
    const giveWay = () => {
      const now = systemClock.monotonic();
      // The first hour runs while the code is still being compiled.
      if (n > 0) sealing.longestMs = Math.max(sealing.longestMs, now - sliceAt);
      sliceAt = now;
      return Promise.resolve();
    };
    const before = process.cpuUsage();
    await sealPart(part, { store, folder: '', signal, giveWay });
    const { user, system } = process.cpuUsage(before);
    sealing.cpuSeconds.push((user + system) / 1e6);
  }
  return sealing;
}

async function figuresOf(devices: number, hours: number, takeBytes: number) {
  await using folder = makeTempFolder('rmm-seal');
  const made = makeHours(devices, hours, takeBytes);
  const store = new FileDayStore({ folder: folder.path, onDamage: () => undefined });
  try {
    const { cpuSeconds, longestMs } = await sealAll(store, made);
    const samples = made.reduce((sum, one) => sum + one.samples, 0);
    const bytes = store.states().reduce((sum, one) => sum + one.bytes, 0);
    const perHour = (made[0]?.samples ?? 0) / median(cpuSeconds.slice(2));
    return { millionsPerSecond: perHour / 1e6, longestMs, bytesPerSample: bytes / samples, samples };
  } finally {
    store.stop();
  }
}

export const benchSeal: Bench = async ({ isQuick, say }) => {
  const start = systemClock.monotonic();
  const [devices, hours] = isQuick ? [100, 5] : [500, 12];
  const live = await figuresOf(devices, hours, TAKE_BYTES.live);
  say(`live: ${rounded(live.millionsPerSecond)} M samples a CPU second`);
  const backlog = await figuresOf(devices, hours, TAKE_BYTES.backlog);
  say(`backlog: ${rounded(backlog.millionsPerSecond)} M samples a CPU second`);
  return {
    name: 'bench seal',
    durationMs: systemClock.monotonic() - start,
    figures: {
      samples: live.samples + backlog.samples,
      liveMps: rounded(live.millionsPerSecond),
      backlogMps: rounded(backlog.millionsPerSecond),
      longestSliceMs: rounded(Math.max(live.longestMs, backlog.longestMs)),
      bytesPerSample: Math.round(live.bytesPerSample * 1_000) / 1_000,
    },
    details: { devices, hours, series: COLUMNS, intervalS: 60 },
  };
};
