// Proves what is fetched and in which order, that an hour is fetched once, and that a refill gives way, resumes, and believes nobody.
import { expect, onTestFinished, test } from 'vitest';
import type { Claim, HourChunks } from '#console/metrics/keep-part.ts';
import { hourOf } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { deviceNo, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import type { HistoryQuestion } from './history-desk.ts';
import { HistoryRefill } from './history-refill.ts';

const NOW = Date.UTC(2026, 10, 23, 12, 30);
const HOUR = hourOf(NOW);
const RELAY = relayNo(1);
const SITE = siteNo(1);

/** A relay that has `theirs`, a console that has `own`, and what was kept of it. */
function rig(theirs: ReadonlyMap<number, Claim>, own = new Map<number, Claim>()) {
  const clock = new FakeClock(NOW);
  const state = {
    isLinked: true,
    isBusy: false,
    backlog: 0,
    open: new Set<number>(),
    fails: 0,
    parts: 2,
    isRound: false,
  };
  const kept: HourChunks[] = [];
  const asked: HistoryQuestion[] = [];
  const ask = async (_relay: unknown, question: HistoryQuestion) => {
    asked.push(question);
    if (question.kind === 'coverage')
      return { kind: 'coverage', ask: 1, hours: [...theirs].map(([hour, claim]) => ({ hour, ...claim })) };
    if (state.fails > 0) {
      state.fails -= 1;
      throw new AppError('unavailable', 'the link closed');
    }
    const part = question.after === undefined ? 1 : question.after.at + 1;
    const chunk = (device: DeviceId) => ({ device, hour: question.from, data: new Uint8Array(4) });
    const next = { hour: question.from, device: deviceNo(1), at: state.isRound ? 1 : part };
    return {
      kind: 'chunks',
      ask: 1,
      series: [],
      chunks: [chunk(deviceNo(1)), chunk(deviceNo(9))],
      ...(part < state.parts || state.isRound ? { next } : {}),
    };
  };
  const refill = new HistoryRefill({
    clock,
    log: silentLogger,
    desk: { ask: ask as never, canAsk: () => state.isLinked }, // answers of the kind that was asked for
    backlogOf: () => state.backlog,
    openHours: async () => state.open,
    coverage: async () => own,
    keep: async (part) => {
      kept.push(part);
      if (part.claim !== undefined) own.set(part.hour, part.claim);
      return part.chunks.length;
    },
    isOfSite: (device) => device === deviceNo(1),
    rawDays: () => 30,
    isBusy: () => state.isBusy,
  });
  const stopping = new AbortController();
  const running = refill.run(stopping.signal);
  onTestFinished(async () => {
    stopping.abort();
    await running;
  });
  refill.welcome(RELAY, SITE);
  const hours = () => [...new Set(kept.map(({ hour }) => hour))];
  return { clock, state, kept, asked, hours, refill };
}

const claims = (...hours: number[]) => new Map(hours.map((hour) => [hour, { devices: 1, samples: 100 }]));

test('missing hours come newest day first, in a day in order, each told to its end and once', async () => {
  const day = Math.floor(HOUR / 24) * 24;
  const { clock, kept, asked, hours, refill } = rig(claims(day - 30, day - 29, day + 1, day + 2, HOUR - 2));
  await clock.advance(40_000);
  expect(hours()).toEqual([day + 1, day + 2, HOUR - 2, day - 30, day - 29]);
  expect(kept.filter(({ hour }) => hour === day + 1)).toMatchObject([
    { isFirst: true, claim: undefined },
    { isFirst: false, claim: { devices: 1, samples: 100 } },
  ]);
  expect(refill.progress(RELAY)).toMatchObject({ state: 'waiting', hoursLeft: 0, hoursFilled: 5, samplesFilled: 10 });
  kept.length = 0;
  await clock.advance(3_700_000);
  expect(asked.filter(({ kind }) => kind === 'coverage')).toHaveLength(2);
  expect(kept).toEqual([]);
});

test('an hour that has as much here, one that is not sealed here yet, and the newest are not asked for', async () => {
  const own = new Map([
    [HOUR - 5, { devices: 1, samples: 100 }],
    [HOUR - 6, { devices: 1, samples: 99 }],
  ]);
  const { clock, state, hours } = rig(claims(HOUR - 4, HOUR - 5, HOUR - 6, HOUR, HOUR + 1, HOUR - 800), own);
  state.open.add(HOUR - 4);
  await clock.advance(40_000);
  expect(hours()).toEqual([HOUR - 6]);
});

test('a relay whose answers go round in a circle is left, and does not hold a turn for ever', async () => {
  const { clock, state, asked, refill } = rig(claims(HOUR - 3));
  state.isRound = true;
  await clock.advance(40_000);
  expect(asked.filter(({ kind }) => kind === 'chunks').length).toBeLessThanOrEqual(4);
  expect(refill.progress(RELAY)).toMatchObject({ hoursFilled: 0 });
});

test('chunks of devices of other sites are left out', async () => {
  const { clock, kept } = rig(claims(HOUR - 3));
  await clock.advance(40_000);
  expect(kept.flatMap(({ chunks }) => chunks.map(({ device }) => device))).toEqual([deviceNo(1), deviceNo(1)]);
});

test('nothing is asked while the spool still comes, and nothing is kept while the console is busy', async () => {
  const { clock, state, asked, kept } = rig(claims(HOUR - 3));
  state.backlog = 1_000;
  await clock.advance(300_000);
  expect(asked).toEqual([]);
  state.backlog = 0;
  state.isBusy = true;
  await clock.advance(60_000);
  expect(kept).toEqual([]);
  state.isBusy = false;
  await clock.advance(2_000);
  expect(kept).toHaveLength(2);
});

test('a link that breaks in between is taken up again with what is left', async () => {
  const { clock, state, kept, hours, refill } = rig(claims(HOUR - 4, HOUR - 3));
  state.fails = 1;
  await clock.advance(40_000);
  expect(kept).toEqual([]);
  expect(refill.progress(RELAY)?.state).toBe('failed');
  await clock.advance(130_000);
  expect(hours()).toEqual([HOUR - 4, HOUR - 3]);
});

test('a relay whose answers never end is left after as many as the largest site needs', async () => {
  const { clock, state, kept } = rig(claims(HOUR - 3));
  state.parts = Number.POSITIVE_INFINITY;
  await clock.advance(40_000);
  for (let i = 0; i < 200 && kept.at(-1)?.claim === undefined; i += 1) await clock.advance(1_000);
  expect(kept).toHaveLength(20_000);
  expect(kept.at(-1)?.claim).toBeDefined();
});
