// A mirror on both engines: what is queued is told, oldest first, at least once, and what cannot be told is counted.
import { describe, expect, test } from 'vitest';
import type { MetricSink, MirrorBatch, SinkAnswer } from '#console/metrics/mirror/metric-sink.ts';
import { Mirror } from '#console/metrics/mirror/mirror.ts';
import { MirrorRepository } from '#console/metrics/mirror/mirror-repository.ts';
import type { SealedDevice } from '#console/metrics/mirror/sealed-hours.ts';
import { hourOf } from '#shared/base/clock.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { MADE_SERIES, madeDevice, madeDeviceHour, sealedOf } from '#test/fixtures/made-sealed.ts';
import { makeEstate } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

const RULES = { labels: {}, maxLagHours: 10, maxSeries: 1_000 };
const knownOf = ({ data }: SealedDevice) => data.values.filter((value) => !Number.isNaN(value)).length;

/** Says what it is told to say, then takes everything. */
class ScriptedSink implements MetricSink {
  readonly name = 'one';
  readonly taken: MirrorBatch[] = [];
  answers: SinkAnswer[] = [];
  asked = 0;

  async send(batch: MirrorBatch): Promise<SinkAnswer> {
    this.asked += 1;
    const answer = this.answers.shift() ?? { type: 'taken' };
    if (answer.type === 'taken') this.taken.push(batch);
    return answer;
  }
}

async function open(engine: TestEngine, devices: (hour: number) => SealedDevice[], rules = RULES) {
  const { store, clock, siteId } = await makeEstate(engine);
  const hour = hourOf(clock.now()) - 1;
  const sink = new ScriptedSink();
  const all = devices(hour);
  const make = () =>
    new Mirror({
      ...{ store, clock, sink, rules, queue: new MirrorRepository(), sealed: sealedOf(all), log: silentLogger },
      describe: (device) => ({ device: `d ${device.slice(-2)}`, site: 'Main', customer: 'Ada' }),
      random: () => 0.5,
    });
  const queued = (at: number) =>
    store.transaction((tx) => new MirrorRepository().add(tx, ['one'], { site: siteId, hour: at }));
  return { store, clock, siteId, hour, sink, make, queued, all };
}

/** Until it has nothing to do, or as long as it may take. */
async function running(mirror: Mirror, act: () => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  const done = mirror.run(stopping.signal);
  await act();
  stopping.abort();
  await done;
}

/** By the machine's clock, not by turns: a database of another process answers in its own time. */
const until = (isSo: () => boolean): Promise<void> => expect.poll(isSo, { interval: 2 }).toBe(true);

export function defineMirrorTests(engine: TestEngine): void {
  describe(`mirrors on ${engine.name}`, () => {
    test('every known value of a queued hour is told once, and the queue is empty', async () => {
      const set = await open(engine, (hour) => [1, 2, 3].map((n) => madeDeviceHour(madeDevice(n), hour, n)));
      await set.queued(set.hour);
      const mirror = set.make();
      await running(mirror, () => until(() => mirror.stats().waitingHours === 0 && set.clock.sleeping > 0));
      const known = set.all.reduce((sum, one) => sum + knownOf(one), 0);
      expect(mirror.stats()).toMatchObject({ sentSamples: known, refusedSamples: 0, retries: 0, lagMs: 0 });
      expect(set.sink.taken.every(({ samples }) => samples <= 10_000)).toBe(true);
      expect(set.sink.taken.flatMap(({ series }) => series).length).toBe(3 * MADE_SERIES.length);
    });

    test('a receiver that is away is asked again with patience, and nothing is left out', async () => {
      const set = await open(engine, (hour) => [madeDeviceHour(madeDevice(1), hour, 1)]);
      await set.queued(set.hour);
      set.sink.answers = [
        { type: 'later', detail: '503', waitMs: undefined },
        { type: 'later', detail: '429', waitMs: 60_000 },
      ];
      const mirror = set.make();
      await running(mirror, async () => {
        await until(() => set.sink.asked === 1 && set.clock.sleeping > 0);
        await set.clock.advance(1_000);
        await until(() => set.sink.asked === 2 && set.clock.sleeping > 0);
        await set.clock.advance(55_000);
        expect(set.sink.asked).toBe(2);
        await set.clock.advance(10_000);
        await until(() => mirror.stats().waitingHours === 0 && set.clock.sleeping > 0);
      });
      expect(mirror.stats()).toMatchObject({ retries: 2, sentSamples: knownOf(set.all[0] as SealedDevice) }); // there is one
    });

    test('what is refused is counted and not sent again', async () => {
      const set = await open(engine, (hour) => [madeDeviceHour(madeDevice(1), hour, 1)]);
      await set.queued(set.hour);
      set.sink.answers = [{ type: 'refused', detail: '400: out of bounds' }];
      const mirror = set.make();
      await running(mirror, () => until(() => mirror.stats().waitingHours === 0 && set.clock.sleeping > 0));
      expect(mirror.stats()).toMatchObject({ refusedSamples: knownOf(set.all[0] as SealedDevice), sentSamples: 0 }); // there is one
      expect(set.sink.asked).toBe(1);
    });

    test('stopped in the middle of an hour, the next run tells all of it', async () => {
      const set = await open(engine, (hour) => [1, 2, 3, 4, 5, 6].map((n) => madeDeviceHour(madeDevice(n), hour, n)));
      await set.queued(set.hour);
      const first = set.make();
      set.sink.answers = [{ type: 'taken' }, { type: 'later', detail: '503', waitMs: undefined }];
      await running(first, () => until(() => set.sink.asked === 2 && set.clock.sleeping > 0));
      set.sink.taken.length = 0;
      const second = set.make();
      await running(second, () => until(() => second.stats().waitingHours === 0 && set.clock.sleeping > 0));
      const known = set.all.reduce((sum, one) => sum + knownOf(one), 0);
      expect(second.stats().sentSamples).toBe(known);
    });

    test('an hour that is sealed again while it is told is told once more', async () => {
      const set = await open(engine, (hour) => [madeDeviceHour(madeDevice(1), hour, 1)]);
      const repository = new MirrorRepository();
      await set.queued(set.hour);
      const inHand = await repository.next(set.store.db, 'one');
      await set.queued(set.hour);
      if (inHand === undefined) throw new Error('one waits');
      await set.store.transaction((tx) => repository.done(tx, 'one', inHand));
      expect(await repository.next(set.store.db, 'one')).toMatchObject({ hour: set.hour, round: 2 });
    });

    test('hours that are too old are given up and counted, the others are told', async () => {
      const set = await open(engine, (hour) => [madeDeviceHour(madeDevice(1), hour, 1)]);
      for (const at of [set.hour, set.hour - 9, set.hour - 10, set.hour - 50]) await set.queued(at);
      const mirror = set.make();
      await running(mirror, () => until(() => mirror.stats().waitingHours === 0 && set.clock.sleeping > 0));
      expect(mirror.stats()).toMatchObject({ givenUpHours: 2, sentSamples: knownOf(set.all[0] as SealedDevice) }); // there is one
    });

    test('devices beyond the bound of series are left out and counted', async () => {
      const rules = { ...RULES, maxSeries: 2 * MADE_SERIES.length };
      const set = await open(engine, (hour) => [1, 2, 3].map((n) => madeDeviceHour(madeDevice(n), hour, n)), rules);
      await set.queued(set.hour);
      const mirror = set.make();
      await running(mirror, () => until(() => mirror.stats().waitingHours === 0 && set.clock.sleeping > 0));
      expect(mirror.stats().leftOutSeries).toBe(MADE_SERIES.length);
      const devices = new Set(
        set.sink.taken.flatMap(({ series }) =>
          series.map(({ labels }) => labels.find(([key]) => key === 'device_id')?.[1]),
        ),
      );
      expect(devices).toEqual(new Set([madeDevice(1), madeDevice(2)]));
    });

    test('a mirror that is configured no more leaves no queue', async () => {
      const set = await open(engine, () => []);
      const repository = new MirrorRepository();
      await set.queued(set.hour);
      await set.store.transaction((tx) => repository.forgetOthers(tx, ['two']));
      expect(await repository.waiting(set.store.db, 'one')).toMatchObject({ hours: 0 });
      await set.queued(set.hour);
      await set.store.transaction((tx) => repository.forgetOthers(tx, []));
      expect(await repository.waiting(set.store.db, 'one')).toMatchObject({ hours: 0 });
    });
  });
}
