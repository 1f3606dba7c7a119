// A past judged from its files says what a judge said that saw each poll, and passes over the hours in which nothing happened.
import { expect, onTestFinished, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { DeviceId, SiteId } from '#shared/base/id.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { StoredSeries } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { type FormerRow, lastRowOf } from '#shared/day-files/hour-columns.ts';
import { hourTotals } from '#shared/day-files/hour-totals.ts';
import { storedSeries } from '#shared/day-files/stored-series.ts';
import { compileChecks } from '#shared/judge/checks/compile-checks.ts';
import { DeviceJudge } from '#shared/judge/checks/device-judge.ts';
import { type Episode, Episodes } from '#shared/judge/checks/episodes.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import { Check, type Condition } from '#shared/model/check.ts';
import { metricByName, type Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { replay } from './replay-call.ts';

const DAY = 20_500;
const FROM = DAY * 24 * HOUR_MS;
const POLL = 60_000;
const site = SiteId.parse('01900000-0000-7000-8000-00000000517e');
const device = DeviceId.parse('01900000-0000-7000-8000-000000000001');

const column = (name: string, instance = ''): Series => ({ metric: metricByName(name)?.id ?? 0, instance });
const SERIES: readonly Series[] = [
  column('system.uptime'),
  column('cpu.user'),
  column('cpu.nice'),
  column('cpu.system'),
  column('cpu.idle'),
  column('cpu.iowait'),
  column('cpu.steal'),
  column('load.1'),
  column('filesystem.used', '/'),
  column('filesystem.available', '/'),
  column('network.rx_errors', 'eth0'),
];

/** Two days of a machine that is idle, has bad hours now and then, misses polls, and starts anew once. */
function past(seed: number): PollRecord[] {
  const random = seededRandom(seed);
  const totals = { uptime: 0, busy: 0, idle: 0, errors: 0 };
  let used = 500;
  let badUntil = 0;
  const polls: PollRecord[] = [];
  for (let n = 0; n < 2 * 24 * 60; n += 1) {
    if (random() < 0.004) badUntil = n + Math.floor(random() * 40);
    const isBad = n < badUntil;
    const load = isBad ? 0.7 + random() * 0.3 : random() * 0.5;
    totals.uptime = n === 1_700 ? 0 : totals.uptime + 6_000;
    totals.busy += Math.round(load * 6_000);
    totals.idle += Math.round((1 - load) * 6_000);
    totals.errors += isBad ? Math.floor(random() * 2_000) : 0;
    used = Math.min(990, Math.max(0, used + Math.floor(random() * 21) - 10));
    if (random() < 0.03) continue;
    const values = [totals.uptime, totals.busy, 0, 0, totals.idle, 0, 0, Math.round(load * 1_000), used, 1_000 - used];
    polls.push({ device, at: FROM + n * POLL, series: SERIES, values: [...values, totals.errors] });
  }
  return polls;
}

/** As the console seals it. */
function storeOf(polls: readonly PollRecord[]): FileDayStore {
  const store = new FileDayStore({ folder: tempFolder(onTestFinished), onDamage: (text) => expect.fail(text) });
  onTestFinished(() => store.stop());
  if (polls.length === 0) return store;
  let former: FormerRow | undefined;
  for (let hour = DAY * 24; hour < (DAY + 2) * 24; hour += 1) {
    const rows = polls.filter(({ at }) => Math.floor(at / HOUR_MS) === hour);
    store.write(Math.floor(hour / 24), (writer) => {
      const known: StoredSeries[] = [];
      const numberOf = (series: StoredSeries): number => {
        const number = writer.numberOf(series);
        known[number] = series;
        return number;
      };
      const numbers = SERIES.map((series) => numberOf(storedSeries(series)));
      const values = Float64Array.from(numbers.flatMap((_number, i) => rows.map((row) => row.values[i] ?? Number.NaN)));
      const times = Float64Array.from(rows, ({ at }) => at);
      const data: DeviceHour = { times, series: Uint32Array.from(numbers), values };
      writer.putRaw({ device, site }, hour, data);
      const seriesOf = (number: number) => known[number];
      const { series, totals } = hourTotals(data, seriesOf, former, numberOf);
      writer.putTotals({ device, site }, hour, series, totals);
      former = lastRowOf(data, seriesOf);
    });
  }
  return store;
}

const checkOf = (id: string, when: Condition): Check =>
  Check.parse({ id, name: id, type: 'custom', when, isOn: true, advice: '' });

const CHECKS: readonly Check[] = [
  ...SHIPPED_CHECKS,
  checkOf('a.load', { kind: 'threshold', series: 'load.1', above: true, limits: { low: 9 }, forMs: 0, margin: 1 }),
  checkOf('a.filling', {
    ...{ kind: 'rate', series: 'filesystem.used_ratio', above: true, limits: { low: 0.000_02 } },
    ...{ withinMs: 3_600_000, margin: 0 },
  }),
  checkOf('a.both', {
    kind: 'compound',
    join: 'all',
    of: [
      { kind: 'threshold', series: 'load.1', above: true, limits: { low: 7 }, forMs: 0, margin: 0 },
      { kind: 'threshold', series: 'cpu.used_ratio', above: true, limits: { low: 0.7 }, forMs: 0, margin: 0 },
    ],
    severity: 'high',
    forMs: 120_000,
  }),
];

/** What a relay would have said, poll by poll. */
function judged(polls: readonly PollRecord[], checks: readonly Check[]) {
  const judge = new DeviceJudge({ checks: compileChecks(checks), pollMs: POLL });
  const episodes = new Episodes();
  for (const [i, poll] of polls.entries()) episodes.take(judge.poll(polls[i - 1], poll));
  return episodes.all;
}

const ask = (sets: Check[][], news: [] = []) => ({
  ...{ from: FROM, to: FROM + 48 * HOUR_MS, sets },
  devices: [{ device, pollMs: POLL, sets: sets.map((_set, i) => i), news }],
});
const giveWay = async () => undefined;

test.each([1, 4])('each check by itself tells what a relay told that saw every poll (seed %i)', async (seed) => {
  const polls = past(seed);
  const store = storeOf(polls);
  let told = 0;
  for (const check of CHECKS) {
    const { devices } = await replay(ask([[check]]), { store, giveWay });
    const expected = judged(polls, [check]);
    const [run] = devices[0]?.runs ?? [];
    told += expected.length;
    // Where a poll is missing the replay's own clock may find first that a compound held for its time.
    const timeOf = ({ openedAt, ...rest }: Episode) => (check.when.kind === 'compound' ? rest : { ...rest, openedAt });
    expect(run?.episodes.map(timeOf), check.id).toEqual(expected.map(timeOf));
  }
  expect(told).toBeGreaterThan(10);
});

test('hours in which nothing can have happened are passed over', async () => {
  const store = storeOf(past(1));
  const [cpu] = SHIPPED_CHECKS.filter(({ id }) => id === 'cpu.used');
  if (cpu === undefined) throw new Error('it is shipped');
  const { read, passed, unkept } = await replay(ask([[cpu]]), { store, giveWay });
  expect(read + passed + unkept).toBe(48);
  expect(passed).toBeGreaterThan(10);
  expect(read).toBeGreaterThan(0);
  expect(unkept).toBe(0);
});

test('two sets in one pass are two runs, and a set without a series needs no rows', async () => {
  const polls = past(2);
  const store = storeOf(polls);
  const down = SHIPPED_CHECKS.filter(({ id }) => id === 'device.down');
  const both = ask([[...CHECKS], down]);
  const news = [
    { type: 'status' as const, at: FROM + 90_000, status: 'down', said: 'timed-out' },
    { type: 'status' as const, at: FROM + HOUR_MS, status: 'up' },
  ];
  const [told] = (
    await replay(
      { ...both, devices: [{ ...both.devices[0], device, pollMs: POLL, sets: [0, 1], news }] },
      { store, giveWay },
    )
  ).devices;
  expect(told?.runs[1]?.episodes).toMatchObject([
    { check: 'device.down', openedAt: FROM + 90_000, clearedAt: FROM + HOUR_MS },
  ]);
  const series = told?.runs[0]?.episodes.filter(({ check }) => check !== 'device.down');
  const alone = judged(polls, CHECKS);
  // Which of two that begin at one time stands first is of no matter.
  expect(series).toHaveLength(alone.length);
  expect(series).toEqual(expect.arrayContaining(alone));
});

test('days of which nothing is kept are counted, not judged', async () => {
  const store = storeOf([]);
  const { unkept, passed, devices } = await replay(
    { ...ask([[...CHECKS]]), from: FROM - 24 * HOUR_MS, to: FROM },
    { store, giveWay },
  );
  expect([unkept, passed]).toEqual([24, 0]);
  expect(devices[0]?.runs[0]?.episodes).toEqual([]);
});
