// Proves that every hour of the cache ends in a file, once, whatever comes late, stops in between, or breaks; and that answers tell it all.
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HotCache } from '#relay/cache/hot-cache.ts';
import { HOUR_MS, hourOf } from '#shared/base/clock.ts';
import { AppError, type ErrorCode } from '#shared/base/errors.ts';
import { decodeChunk } from '#shared/codec/chunk-decoder.ts';
import type { DayStore } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { metricById } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { ChunkCursor } from '#shared/protocol/history.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { syntheticPolls } from '#test/fixtures/synthetic-polls.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { RelayHistory } from './relay-history.ts';
import { tellChunks, tellCoverage } from './tell-history.ts';

const T0 = Date.UTC(2026, 0, 2);
const HOUR = hourOf(T0);
const RELAY = relayNo(1);

function storeIn(folder: string, damage: string[] = []): DayStore {
  const store = new FileDayStore({ folder, onDamage: (text) => damage.push(text) });
  onTestFinished(() => store.stop());
  return store;
}

function rig({
  folder = tempFolder(onTestFinished),
  bounds = { days: 30, bytes: 2 ** 31 },
  store = storeIn(folder),
} = {}) {
  const clock = new FakeClock(T0);
  const cache = new HotCache({ clock, quotaBytes: 64 * 1_024 * 1_024 });
  const troubles: ErrorCode[] = [];
  const history = new RelayHistory({
    ...{ clock, cache, store, bounds },
    log: silentLogger,
    place: { site: siteNo(1), relay: RELAY },
    onTrouble: (code) => troubles.push(code),
  });
  const take = (polls: Iterable<PollRecord>) => {
    for (const poll of polls) {
      cache.add(poll);
      history.note(poll);
    }
  };
  /** Runs the sealer as the loop does, with time passing in its pauses. */
  const seal = async () => {
    await clock.advance(61_000);
    const sealing = history.sealDue();
    for (let i = 0; i < 40; i += 1) await clock.advance(10);
    await sealing;
  };
  return { folder, clock, cache, store, history, troubles, take, seal };
}

const polls = (fromMs: number, toMs: number, devices = 40) => [
  ...syntheticPolls({ devices, series: 12, from: T0 + fromMs, to: T0 + toMs, intervalMs: 60_000, seed: 3 }),
];

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

/** One line for each value that is known. */
const linesOf = (records: readonly PollRecord[]): string[] =>
  records.flatMap(({ device, at, series, values }) =>
    series.flatMap(({ metric, instance }, i) =>
      values[i] === undefined ? [] : [`${device} ${at} ${metricById(metric)?.name} ${instance} ${values[i]}`],
    ),
  );

/** Everything a console is told of a span, opened as it opens it. */
function told(store: DayStore, from: number, to: number, maxBytes = 16_384): { lines: string[]; answers: number } {
  const lines: string[] = [];
  let after: ChunkCursor | undefined;
  for (let answers = 1; ; answers += 1) {
    const cursor = after === undefined ? {} : { after };
    const ask = { kind: 'chunks', ask: answers, from, to, maxBytes, ...cursor } as const;
    const answer = tellChunks(store, ask, () => undefined);
    const names = new Map(answer.series.map((one) => [one.number, `${one.metric} ${one.instance}`]));
    for (const { device, hour, data } of answer.chunks) {
      const { times, series, values } = decodeChunk(device, hour, data);
      for (const [i, value] of values.entries())
        if (!Number.isNaN(value))
          lines.push(
            `${device} ${times[i % times.length]} ${names.get(series[Math.floor(i / times.length)] ?? -1)} ${value}`,
          );
    }
    after = answer.next;
    if (after === undefined) return { lines, answers };
  }
}

test('an hour is sealed three minutes after its end, and told whole in answers that fit', async () => {
  const { clock, store, take, seal } = rig();
  const records = polls(0, HOUR_MS);
  take(records);
  clock.jump(HOUR_MS + 60_000);
  await seal();
  expect(store.read(Math.floor(HOUR / 24))).toBeUndefined();
  await clock.advance(100_000);
  await seal();
  const { lines, answers } = told(store, HOUR, HOUR + 1);
  expect(lines.toSorted(byText)).toEqual(linesOf(records).toSorted(byText));
  expect(answers).toBeGreaterThan(1);
  const ask = { kind: 'coverage', ask: 1, from: HOUR - 2, to: HOUR + 5 } as const;
  expect(tellCoverage(store, ask).hours).toEqual([{ hour: HOUR, devices: 40, samples: linesOf(records).length }]);
});

test('a late poll of a sealed hour is added, sealing again adds nothing', async () => {
  const { clock, store, take, seal, history } = rig();
  const records = polls(0, HOUR_MS, 3);
  const late = records.splice(50, 1);
  take(records);
  clock.jump(HOUR_MS + 200_000);
  await seal();
  take(late);
  await clock.advance(61_000);
  await seal();
  const all = [...records, ...late];
  expect(told(store, HOUR, HOUR + 1).lines.toSorted(byText)).toEqual(linesOf(all).toSorted(byText));
  take(records);
  await clock.advance(61_000);
  await seal();
  expect(told(store, HOUR, HOUR + 1).lines.toSorted(byText)).toEqual(linesOf(all).toSorted(byText));
  const ask = { kind: 'coverage', ask: 1, from: HOUR, to: HOUR + 1 } as const;
  expect(tellCoverage(store, ask).hours).toMatchObject([{ devices: 3, samples: linesOf(all).length }]);
  expect(history.stats()).toMatchObject({ days: 1, sealedHours: 3 });
});

test('after a restart what the cache knows from the spool is sealed, what was sealed stays', async () => {
  const folder = tempFolder(onTestFinished);
  const records = polls(0, 2 * HOUR_MS, 20);
  const first = rig({ folder });
  first.clock.jump(2 * HOUR_MS + 200_000);
  first.take(records);
  await first.clock.advance(61_000);
  // It is killed in the middle: sixteen devices of the first hour are on disk.
  const sealing = first.history.sealDue();
  await first.history.stop();
  await sealing;
  expect(new Set(told(storeIn(folder), HOUR, HOUR + 2).lines).size).toBeLessThan(linesOf(records).length);

  const second = rig({ folder });
  second.clock.jump(2 * HOUR_MS + 200_000);
  second.cache.refill(records);
  second.history.start();
  for (let i = 0; i < 40; i += 1) await second.clock.advance(10);
  await second.history.stop();
  const store = storeIn(folder);
  expect(told(store, HOUR, HOUR + 2).lines.toSorted(byText)).toEqual(linesOf(records).toSorted(byText));
  const ask = { kind: 'coverage', ask: 1, from: HOUR, to: HOUR + 2 } as const;
  expect(tellCoverage(store, ask).hours.map(({ samples }) => samples)).toEqual([
    linesOf(records).length / 2,
    linesOf(records).length / 2,
  ]);
});

test('a full disk is told once, stops nothing, and is gone on with', async () => {
  const folder = tempFolder(onTestFinished);
  const store = storeIn(folder);
  const disk = { isFull: true };
  const choosy: DayStore = {
    ...{ read: (day) => store.read(day), states: () => store.states(), stop: () => undefined },
    drop: (day, tier) => store.drop(day, tier),
    write: (day, work) => {
      if (disk.isFull) throw new AppError('disk-full', 'no room');
      return store.write(day, work);
    },
  };
  const { clock, history, take, seal, troubles } = rig({ folder, store: choosy });
  const records = polls(0, HOUR_MS, 2);
  take(records);
  clock.jump(HOUR_MS + 200_000);
  await seal();
  await clock.advance(300_000);
  await seal();
  expect(troubles).toEqual(['disk-full']);
  disk.isFull = false;
  await clock.advance(300_000);
  await seal();
  expect(told(store, HOUR, HOUR + 1).lines.toSorted(byText)).toEqual(linesOf(records).toSorted(byText));
  expect(history.stats().sealedHours).toBe(1);
});

test('days over the bounds go, the oldest first; the newest stays whatever it takes', async () => {
  const { clock, store, take, seal, cache } = rig({ bounds: { days: 2, bytes: 2 ** 31 } });
  for (let day = 0; day < 4; day += 1) {
    const records = polls(day * 86_400_000, day * 86_400_000 + HOUR_MS, 2);
    take(records);
    clock.jump(HOUR_MS + 200_000);
    await seal();
    clock.jump(86_400_000 - HOUR_MS - 200_000 - 61_400);
  }
  const days = new Set(store.states().map(({ day }) => day));
  expect([...days]).toEqual([Math.floor(HOUR / 24) + 2, Math.floor(HOUR / 24) + 3]);
  const small = rig({ bounds: { days: 30, bytes: 1 } });
  small.take(polls(0, HOUR_MS, 2));
  small.clock.jump(HOUR_MS + 200_000);
  await small.seal();
  expect(small.store.states()).toHaveLength(1);
  expect(cache.hours().length).toBeGreaterThan(0);
});

test('a day file that the disk broke is set aside, and the hours that the cache knows are sealed anew', async () => {
  const folder = tempFolder(onTestFinished);
  const first = rig({ folder });
  const records = polls(0, HOUR_MS, 5);
  first.take(records);
  first.clock.jump(HOUR_MS + 200_000);
  await first.seal();
  first.store.stop();
  const tier = path.join(folder, 'hours');
  for (const name of readdirSync(tier)) writeFileSync(path.join(tier, name), 'no database at all');
  const damage: string[] = [];
  const second = rig({ folder, store: storeIn(folder, damage) });
  second.take(records);
  second.clock.jump(HOUR_MS + 200_000);
  await second.seal();
  expect(damage.length).toBeGreaterThan(0);
  expect(told(second.store, HOUR, HOUR + 1).lines.toSorted(byText)).toEqual(linesOf(records).toSorted(byText));
});

test('a device alone, a span of days, and a cursor of a device that is gone', async () => {
  const { clock, store, take, seal } = rig();
  const records = polls(0, 3 * HOUR_MS, 3);
  clock.jump(3 * HOUR_MS + 200_000);
  take(records);
  await seal();
  const device = records[0]?.device ?? expect.unreachable();
  const ask = { kind: 'chunks', ask: 1, from: HOUR, to: HOUR + 3, maxBytes: 262_144 } as const;
  const own = tellChunks(store, { ...ask, device }, () => undefined);
  expect(own.chunks.map(({ hour }) => hour)).toEqual([HOUR, HOUR + 1, HOUR + 2]);
  expect(own.next).toBeUndefined();
  const part = tellChunks(store, { ...ask, device, maxBytes: 1_024 }, () => undefined);
  expect(part.next).toMatchObject({ device });
  const gone = { hour: HOUR + 2, device: 'ffffffff-ffff-7fff-bfff-ffffffffffff' as typeof device, at: 0 };
  expect(tellChunks(store, { ...ask, after: gone }, () => undefined).chunks).toEqual([]);
  expect(tellChunks(store, { ...ask, from: HOUR + 3, to: HOUR + 900 }, () => undefined).chunks).toEqual([]);
});
