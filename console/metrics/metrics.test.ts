// Stored frames become last values, charts and audits again, whatever lane, spool or relay they came by.
import { expect, test } from 'vitest';
import type { Store } from '#console/store/database.ts';
import { HOUR_MS } from '#shared/base/clock.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { deviceNo, epochNo, HOUR, LaneWriter, linkNo, pollNo, siteNo, streamKit } from '#test/fixtures/stream-kit.ts';
import { freshStore, sqliteEngine } from '#test/repository/test-engine.ts';
import { DecodedHours } from './decoded-hours.ts';
import { FrameRepository } from './frame-repository.ts';
import { LastValues, restoreRelay } from './last-values.ts';
import { MetricQuery, type RangeRequest } from './metric-query.ts';
import { OpenChains } from './open-chains.ts';

const chunks = new FrameRepository();
const begin = HOUR * HOUR_MS;

const queryOf = (store: Store) => {
  const hours = new DecodedHours({ chunks });
  return { hours, query: new MetricQuery({ db: store.db, hours, clock: new FakeClock() }) };
};

const request = (changes: Partial<RangeRequest>): RangeRequest => ({
  device: deviceNo(1),
  site: siteNo(1),
  relays: [linkNo(1).relay],
  names: ['process.total'],
  from: begin,
  to: begin + HOUR_MS - 1,
  maxPoints: 1_000,
  intervalMs: 10_000,
  ...changes,
});

const one = (lane: LaneWriter, n: number, device = 1, hour = HOUR): Batch =>
  lane.next([pollNo(deviceNo(device), n, hour)]);

test('a chart shows what was stored, of the asked device and span alone', async () => {
  const store = await freshStore(sqliteEngine);
  const { ingest } = streamKit(store);
  const lane = new LaneWriter(2);
  for (let n = 0; n < 6; n++) await ingest.batch(linkNo(1), lane.next([1, 2].map((d) => pollNo(deviceNo(d), n))));
  const { query } = queryOf(store);
  const { series, source } = await query.range(request({ from: begin + 10_000, to: begin + 30_000 }));
  expect(source).toEqual({ resolution: 'raw', missing: [], away: false });
  expect(series).toHaveLength(1);
  expect(series[0]).toEqual({
    name: 'process.total',
    instance: '',
    unit: 'count',
    at: [1, 2, 3].map((n) => begin + n * 10_000),
    min: [1, 2, 3],
    avg: [1, 2, 3],
    max: [1, 2, 3],
  });
  expect((await query.range(request({ device: deviceNo(9) }))).series).toEqual([]);
  expect((await query.range(request({ relays: [linkNo(2).relay] }))).series).toEqual([]);
});

test('live lane and backlog, two spools and two relays merge by time, and the same time counts once', async () => {
  const store = await freshStore(sqliteEngine);
  const { ingest } = streamKit(store);
  const [live, backlog, other] = [new LaneWriter(2), new LaneWriter(3), new LaneWriter(2)];
  for (const n of [0, 1, 4]) await ingest.batch(linkNo(1), one(live, n));
  for (const n of [1, 2, 3]) await ingest.batch(linkNo(1), one(backlog, n));
  await ingest.batch({ ...linkNo(1), epoch: epochNo(7) }, one(new LaneWriter(2), 5));
  for (const n of [5, 6]) await ingest.batch({ ...linkNo(2), site: siteNo(1) }, one(other, n));
  const { query } = queryOf(store);
  const [series] = (await query.range(request({ relays: [linkNo(1).relay, linkNo(2).relay] }))).series;
  expect(series?.avg).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('a chart over an hour change and of an hour that still grows needs no second decoding', async () => {
  const store = await freshStore(sqliteEngine);
  const { ingest } = streamKit(store);
  const [first, second] = [new LaneWriter(2), new LaneWriter(2, HOUR + 1)];
  await ingest.batch(linkNo(1), one(first, 359));
  second.skip();
  await ingest.batch(linkNo(1), one(second, 0, 1, HOUR + 1));
  const { query, hours } = queryOf(store);
  const span = request({ to: begin + 2 * HOUR_MS });
  expect((await query.range(span)).series[0]?.avg).toEqual([359, 0]);
  await ingest.batch(linkNo(1), one(second, 1, 1, HOUR + 1));
  expect((await query.range(span)).series[0]?.avg).toEqual([359, 0, 1]);
  expect(hours.stats()).toEqual({ hours: 2, values: 9, broken: 0 });
});

test('an hour too large to keep whole is kept for the asked device alone, and the cache stays within its bound', async () => {
  const store = await freshStore(sqliteEngine);
  const { ingest } = streamKit(store);
  const lane = new LaneWriter(2);
  const everybody = [1, 2, 3, 4, 5].map((n) => deviceNo(n));
  for (let n = 0; n < 10; n++) await ingest.batch(linkNo(1), lane.next(everybody.map((device) => pollNo(device, n))));
  const hours = new DecodedHours({ chunks, limits: { whole: 100, all: 70 } });
  const query = new MetricQuery({ db: store.db, hours, clock: new FakeClock() });
  for (const device of everybody) {
    const [series] = (await query.range(request({ device }))).series;
    expect(series?.avg).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(hours.stats().values).toBeLessThanOrEqual(60);
  }
  expect(hours.stats()).toEqual({ hours: 2, values: 60, broken: 0 });
});

test('a long chart reads each hour for its device alone', async () => {
  const store = await freshStore(sqliteEngine);
  const { ingest } = streamKit(store);
  let seq = 0;
  for (let hour = HOUR; hour < HOUR + 4; hour++) {
    const lane = new LaneWriter(2, hour);
    for (let i = 0; i < seq; i++) lane.skip();
    await ingest.batch(linkNo(1), lane.next([1, 2].map((n) => pollNo(deviceNo(n), hour - HOUR, hour))));
    seq += 1;
  }
  const { query, hours } = queryOf(store);
  const [series] = (await query.range(request({ to: begin + 4 * HOUR_MS - 1, intervalMs: HOUR_MS }))).series;
  expect(series?.avg).toEqual([0, 1, 2, 3]);
  expect(hours.stats()).toEqual({ hours: 4, values: 12, broken: 0 });
});

test('derived series need the poll before the span, and levels are there from the first poll', async () => {
  const store = await freshStore(sqliteEngine);
  const { ingest } = streamKit(store);
  const lane = new LaneWriter(2);
  for (let n = 0; n < 4; n++) await ingest.batch(linkNo(1), one(lane, n));
  const { query } = queryOf(store);
  const all = (await query.range(request({ names: undefined, from: begin + 20_000 }))).series;
  expect(all.find((series) => series.name === 'system.uptime')?.avg).toEqual([20_000, 30_000]);
  expect(all.every((series) => series.at[0] === begin + 20_000)).toBe(true);
});

test('an unknown name, a backward span and a span of years are refused', async () => {
  const { query } = queryOf(await freshStore(sqliteEngine));
  await expect(query.range(request({ names: ['no.such'] }))).rejects.toMatchObject({ code: 'bad-request' });
  await expect(query.range(request({ to: begin - 1 }))).rejects.toMatchObject({ code: 'bad-request' });
  await expect(query.range(request({ from: 0 }))).rejects.toMatchObject({ code: 'bad-request' });
});

test('last values follow the newest poll; backlog changes nothing, a clock that ran ahead is overtaken', async () => {
  const clock = new FakeClock(begin + 600_000);
  const last = new LastValues({ clock });
  const take = (n: number) => last.take({ relay: linkNo(1).relay, polls: [pollNo(deviceNo(1), n)] });
  expect(take(5)).toEqual([deviceNo(1)]);
  expect(take(3)).toEqual([]);
  expect(last.latest(linkNo(1).relay, deviceNo(1))?.at).toBe(begin + 50_000);
  expect(take(300)).toEqual([deviceNo(1)]); // 50 minutes, the console stands at 10
  expect(take(6)).toEqual([deviceNo(1)]);
  const latest = last.latest(linkNo(1).relay, deviceNo(1));
  expect(latest?.at).toBe(begin + 60_000);
  expect(latest?.values.find((value) => value.name === 'process.total')?.value).toBe(6);
});

test('a relay cannot speak for a device of another relay', async () => {
  const last = new LastValues({ clock: new FakeClock(begin) });
  last.take({ relay: linkNo(2).relay, polls: [pollNo(deviceNo(1), 1)] });
  expect(last.latest(linkNo(1).relay, deviceNo(1))).toBeUndefined();
});

test('devices a relay makes up are bounded', async () => {
  const last = new LastValues({ clock: new FakeClock(begin) });
  const polls = Array.from({ length: 10_500 }, (_, i) => pollNo(deviceNo(i), 1));
  last.take({ relay: linkNo(1).relay, polls });
  expect(last.stats()).toMatchObject({ devices: 10_000, refused: 500 });
  last.forget(deviceNo(1));
  expect(last.stats()).toMatchObject({ devices: 9_999, values: 9_999 * 3 });
});

test('the recent window keeps the last twelve polls in order', async () => {
  const last = new LastValues({ clock: new FakeClock(begin + HOUR_MS) });
  for (let n = 0; n < 20; n++) last.take({ relay: linkNo(1).relay, polls: [pollNo(deviceNo(1), n)] });
  expect(last.recent(linkNo(1).relay, deviceNo(1)).map((poll) => poll.values[0])).toEqual(
    Array.from({ length: 12 }, (_, i) => i + 8),
  );
  expect(last.stats().values).toBe(36);
});

test('a kept poll is written over with a newer one; what was given stays as it was, and other columns count anew', () => {
  const last = new LastValues({ clock: new FakeClock(begin + HOUR_MS) });
  const given = Array.from({ length: 30 }, (_, n) => pollNo(deviceNo(1), n));
  const told = given.map((poll) => [...poll.values]);
  for (const poll of given) last.take({ relay: linkNo(1).relay, polls: [poll] });
  expect(given.map((poll) => poll.values)).toEqual(told);
  expect(last.recent(linkNo(1).relay, deviceNo(1)).map(({ at, values }) => ({ at, values }))).toEqual(
    given.slice(18).map(({ at, values }) => ({ at, values })),
  );
  const { device, series, values } = pollNo(deviceNo(1), 31);
  const narrow = { device, at: begin + 310_000, series: series.slice(1), values: values.slice(1) };
  last.take({ relay: linkNo(1).relay, polls: [narrow] });
  expect(last.recent(linkNo(1).relay, deviceNo(1)).at(-1)).toEqual(narrow);
  expect(last.stats().values).toBe(12 * 3 - 1);
});

test('after a restart last values come back, and the next batch finds its chain open', async () => {
  const store = await freshStore(sqliteEngine);
  const { ingest } = streamKit(store);
  const [first, second] = [new LaneWriter(2), new LaneWriter(2, HOUR + 1)];
  await ingest.batch(linkNo(1), first.next([1, 2].map((d) => pollNo(deviceNo(d), 359))));
  second.skip();
  await ingest.batch(linkNo(1), one(second, 0, 1, HOUR + 1));
  const clock = new FakeClock(begin + HOUR_MS + 5_000);
  const last = new LastValues({ clock });
  const chains = new OpenChains({ chunks });
  const place = { relay: linkNo(1).relay, site: siteNo(1) };
  await restoreRelay({ chunks, chains, lastValues: last, clock }, store.db, place, new AbortController().signal);
  expect(last.latest(linkNo(1).relay, deviceNo(1))?.at).toBe(begin + HOUR_MS);
  expect(last.latest(linkNo(1).relay, deviceNo(2))?.at).toBe(begin + 3_590_000);
  expect(chains.size).toBe(1);
  const after = streamKit(store, { chains });
  await after.ingest.batch(linkNo(1), one(second, 1, 1, HOUR + 1));
  expect(after.ingest.stats()).toMatchObject({ batches: 1, quarantined: 0 });
});

test('the frame store answers with what it holds and drops whole hours', async () => {
  const store = await freshStore(sqliteEngine);
  const { ingest } = streamKit(store);
  const [first, second] = [new LaneWriter(2), new LaneWriter(2, HOUR + 5)];
  await ingest.batch(linkNo(1), one(first, 0));
  second.skip();
  await ingest.batch(linkNo(1), one(second, 0, 1, HOUR + 5));
  expect(await chunks.newestHours(store.db, linkNo(1).relay, HOUR + 9, 3)).toEqual([HOUR + 5, HOUR]);
  expect(await chunks.newestHours(store.db, linkNo(1).relay, HOUR + 4, 3)).toEqual([HOUR]);
  const stats = await chunks.stats(store.db);
  expect(stats).toMatchObject({ frames: 2, samples: 6 });
  expect(stats.bytes).toBeGreaterThan(50);
  expect(await store.transaction((tx) => chunks.drop(tx, HOUR + 5))).toBe(1);
  expect(await chunks.stats(store.db)).toMatchObject({ frames: 1 });
});
