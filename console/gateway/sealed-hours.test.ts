// Proves that an hour comes from its relay only as its own frames have it, to the value, and is sealed here in every other case.
import { expect, onTestFinished, test } from 'vitest';
import { BatchRows } from '#console/metrics/batch-rows.ts';
import { HourTally } from '#console/metrics/hour-tally.ts';
import { keepPart } from '#console/metrics/keep-call.ts';
import { type HourChunks, packKeep } from '#console/metrics/keep-part.ts';
import { sealPart } from '#console/metrics/seal-call.ts';
import { packPart } from '#console/metrics/seal-part.ts';
import { tellChunks, tellCoverage } from '#relay/history/tell-history.ts';
import { HOUR_MS } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { ChunksMessage } from '#shared/protocol/history.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { epochNo, HOUR, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import type { HistoryQuestion } from './history-desk.ts';
import { SealedHours } from './sealed-hours.ts';

const PLACE = { relay: relayNo(1), site: siteNo(1), hour: HOUR };
const sweeps = pollsOfMix({ devices: 6, columns: 30, seed: 4, from: HOUR * HOUR_MS });
const POLLS: PollRecord[] = Array.from({ length: 20 }, () => sweeps.next().value ?? []).flat();
const ALL = 6 * 20 * 30;

function openStore(): FileDayStore {
  const store = new FileDayStore({ folder: tempFolder(onTestFinished), onDamage: (text) => expect.fail(text) });
  onTestFinished(() => store.stop());
  return store;
}

const contextOf = (store: FileDayStore) => ({
  ...{ store, folder: '', giveWay: () => Promise.resolve() },
  signal: new AbortController().signal,
});

async function sealed(polls: readonly PollRecord[]): Promise<FileDayStore> {
  const store = openStore();
  const encoder = new DeltaEncoder(HOUR);
  for (const poll of polls) encoder.add(poll);
  const chain = { relay: PLACE.relay, epoch: epochNo(1), lane: 2 as const, frames: [encoder.take().data] };
  const { part } = packPart({ site: PLACE.site, hour: HOUR, isFirst: true, isLast: true }, [chain]);
  await sealPart(part, contextOf(store));
  return store;
}

function tallied(polls: readonly PollRecord[]): HourTally {
  const rows = new BatchRows();
  for (const poll of polls) rows.add(poll);
  const tally = new HourTally();
  tally.take(rows.rows, rows.values);
  return tally;
}

interface Changes {
  answer?: (question: HistoryQuestion, own: ChunksMessage) => ChunksMessage;
  isBegun?: boolean;
  isForeign?: (device: string) => boolean;
}

/** A relay that sealed these polls, and a console that has nothing yet. */
async function rig(
  polls: readonly PollRecord[],
  { answer = (_q, own) => own, isBegun = false, isForeign }: Changes = {},
) {
  const theirs = await sealed(polls);
  const own = openStore();
  const clock = new FakeClock();
  const asked: string[] = [];
  const ask = async (_relay: unknown, question: HistoryQuestion) => {
    asked.push(question.kind);
    const told =
      question.kind === 'coverage'
        ? tellCoverage(theirs, { ...question, ask: 1 })
        : tellChunks(theirs, { ...question, ask: 1, maxBytes: 4_096 }, () => undefined);
    return answer(question, told);
  };
  const hours = new SealedHours({
    ...{ clock, log: silentLogger },
    desk: { ask: ask as never, canAsk: () => true }, // answers of the kind that was asked for
    keep: (part: HourChunks) => keepPart(packKeep(part).part, contextOf(own)),
    isBegun: async () => isBegun,
    isOfSite: (device) => isForeign?.(device) !== true,
  });
  const take = (tally: HourTally) => hours.take(PLACE, tally, new AbortController().signal);
  const kept = () => own.read(HOUR / 24)?.coverage()[0]?.samples ?? 0;
  return { take, kept, asked, hours, own, theirs, clock };
}

test('what the relay sealed is kept when it is what its frames said, with its totals', async () => {
  const { take, kept, own, theirs, hours } = await rig(POLLS);
  expect(await take(tallied(POLLS))).toEqual({ devices: 6, samples: ALL, undecodable: 0 });
  expect(kept()).toBe(ALL);
  const device = POLLS[0]?.device;
  if (device === undefined) throw new Error('no poll');
  const [here, there] = [own.read(HOUR / 24), theirs.read(HOUR / 24)];
  expect(here?.raw(device, HOUR)).toEqual(there?.raw(device, HOUR));
  expect(hours.stats()).toEqual({ taken: 1, differing: 0, failed: 0 });
});

test('an hour that the relay knows less or more of is not asked for', async () => {
  for (const polls of [POLLS.slice(6), POLLS]) {
    const { take, asked, kept } = await rig(polls);
    const frames = polls === POLLS ? POLLS.slice(6) : POLLS;
    expect(await take(tallied(frames))).toBeUndefined();
    expect([asked, kept()]).toEqual([['coverage'], 0]);
  }
});

test('a device whose values are others is not kept, and the hour is sealed here', async () => {
  const lie = POLLS.map((poll, n) => (n === 8 ? { ...poll, values: poll.values.map((v) => (v ?? 0) + 1) } : poll));
  const { take, kept, hours } = await rig(lie);
  expect(await take(tallied(POLLS))).toBeUndefined();
  expect(kept()).toBe((ALL / 6) * 5);
  expect(hours.stats()).toMatchObject({ taken: 0, differing: 1 });
});

test('one device told twice does not stand for another, and bytes that are no chunk stand for none', async () => {
  const change = (told: ChunksMessage, data?: Uint8Array): ChunksMessage => {
    if (told.kind !== 'chunks') return told;
    const [first] = told.chunks;
    const last = told.chunks.length - 1;
    const chunks = told.chunks.map((one, i) => (i === last && first ? (data ? { ...one, data } : first) : one));
    return { ...told, chunks };
  };
  for (const data of [undefined, new Uint8Array(40)]) {
    const { take, kept } = await rig(POLLS, { answer: (_question, told) => change(told, data) });
    expect(await take(tallied(POLLS))).toBeUndefined();
    expect(kept()).toBeLessThan(ALL);
  }
});

test('devices of other sites are not kept, and are told of', async () => {
  const foreign = POLLS[0]?.device;
  const { take, kept } = await rig(POLLS, { isForeign: (device) => device === foreign });
  expect(await take(tallied(POLLS))).toMatchObject({ devices: 5, foreign: ALL / 6 });
  expect(kept()).toBe((ALL / 6) * 5);
});

test('late frames of a sealed hour are not asked for again', async () => {
  const { take, asked } = await rig(POLLS, { isBegun: true });
  expect(await take(tallied(POLLS))).toBeUndefined();
  expect(asked).toEqual([]);
});

test('a relay that does not answer is left alone for a quarter of an hour', async () => {
  const { take, asked, clock, hours } = await rig(POLLS, {
    answer: () => {
      throw new AppError('timed-out', 'no answer');
    },
  });
  for (let i = 0; i < 2; i += 1) expect(await take(tallied(POLLS))).toBeUndefined();
  expect([asked, hours.stats().failed]).toEqual([['coverage'], 1]);
  await clock.advance(900_001);
  await take(tallied(POLLS));
  expect(asked).toEqual(['coverage', 'coverage']);
});
