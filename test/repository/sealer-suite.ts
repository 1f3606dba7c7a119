// What both engines promise of sealing: nothing is let go before it is on disk, and what may be gone on with stays.
import { describe, expect, onTestFinished, test } from 'vitest';
import { moveDurable } from '#console/ingest/watermark-repository.ts';
import type { ChainFrames } from '#console/metrics/metric-engine.ts';
import { sealPart } from '#console/metrics/seal-call.ts';
import { packPart } from '#console/metrics/seal-part.ts';
import { Sealer, type SealerDeps } from '#console/metrics/sealer.ts';
import type { Store } from '#console/store/database.ts';
import { type Clock, HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import type { Lane } from '#shared/protocol/lane.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import {
  batchOf,
  deviceNo,
  epochNo,
  HOUR,
  linkNo,
  pollNo,
  recordsBatch,
  streamKit,
} from '#test/fixtures/stream-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { freshStore, type TestEngine } from './test-engine.ts';

const link = linkNo(1);
/** Behind the moment of any site. */
const DUE_MS = 700_000;

/** Batches of one lane over several hours: a chain for each. */
function laneOf(lane: Lane, epoch = link.epoch) {
  let [seq, hour, encoder] = [0, -1, new DeltaEncoder(0)];
  const next = (of: number, minutes: number[]): Batch => {
    if (of !== hour) [hour, encoder] = [of, new DeltaEncoder(of)];
    for (const minute of minutes) encoder.add(pollNo(deviceNo(1), minute * 6, of));
    const { data, samples } = encoder.take();
    seq += 1;
    return batchOf(lane, seq, 'samples', data, samples, of);
  };
  return { next, epoch, skip: () => (seq += 1) };
}

async function sealerKit(engine: TestEngine, changes: Partial<SealerDeps> = {}) {
  const store: Store = await freshStore(engine);
  const kit = streamKit(store);
  const days = new FileDayStore({ folder: tempFolder(onTestFinished), onDamage: (text) => expect.fail(text) });
  onTestFinished(() => days.stop());
  const time = { now: (HOUR + 1) * HOUR_MS };
  const clock: Clock = {
    now: () => time.now,
    monotonic: () => time.now,
    sleep: (_ms, signal) => systemClock.sleep(0, signal),
  };
  const durable: unknown[] = [];
  /** What happens while the worker has an hour. */
  const meanwhile: Array<() => Promise<void>> = [];
  const context = { store: days, folder: '', signal: new AbortController().signal, giveWay: () => Promise.resolve() };
  const sealer = new Sealer({
    ...{ store, chunks: kit.chunks, clock, log: silentLogger, moveDurable },
    seal: async (place, chains: readonly ChainFrames[]) => {
      const sealed = await sealPart(packPart(place, chains).part, context);
      await meanwhile.shift()?.();
      return sealed;
    },
    isDrained: () => false,
    onDurable: (stream, mark) => void durable.push({ epoch: stream.epoch, ...mark }),
    ...changes,
  });
  const run = () => sealer.sealDue(new AbortController().signal);
  const frames = async () => {
    const rows = await store.db
      .selectFrom('metric_frame')
      .select(['lane', 'seq'])
      .orderBy('lane')
      .orderBy('seq')
      .execute();
    return rows.map(({ lane, seq }) => `${lane}:${seq}`);
  };
  const rows = (hour: number) => days.read(Math.floor(hour / 24))?.raw(deviceNo(1), hour)?.times.length ?? 0;
  return { ...kit, store, time, sealer, run, frames, rows, durable, clock, meanwhile };
}

export function defineSealerTests(engine: TestEngine): void {
  describe(`the sealer on ${engine.name}`, () => {
    test('an hour is sealed after its end; its frames go and durable moves with them, once the lane went on', async () => {
      const { ingest, run, time, frames, rows, durable } = await sealerKit(engine);
      const lane = laneOf(2);
      for (const minutes of [
        [0, 1],
        [2, 3],
        [4, 5],
      ])
        await ingest.batch(link, lane.next(HOUR, minutes));
      expect(await ingest.batch(link, lane.next(HOUR + 1, [0]))).toEqual({ received: 4, durable: 0 });
      await run();
      expect(await frames()).toEqual(['2:1', '2:2', '2:3', '2:4']);
      time.now += DUE_MS;
      await run();
      expect(rows(HOUR)).toBe(6);
      expect(await frames()).toEqual(['2:4']);
      expect(durable).toEqual([{ epoch: link.epoch, lane: 2, received: 4, durable: 3 }]);
      expect((await ingest.watermarks(link))[2]).toEqual({ lane: 2, received: 4, durable: 3 });
    });

    test('an hour that its relay gives is not sealed here, and its frames go; what it does not give is', async () => {
      const asked: unknown[] = [];
      const { ingest, run, time, frames, rows, sealer, chains } = await sealerKit(engine, {
        fromRelay: async ({ hour }, tails) => {
          asked.push([hour, chains.takeTally(tails)?.devices.get(deviceNo(1))?.rows]);
          return hour === HOUR ? { devices: 1, samples: 1, undecodable: 0 } : undefined;
        },
      });
      const lane = laneOf(2);
      await ingest.batch(link, lane.next(HOUR, [0, 1]));
      await ingest.batch(link, lane.next(HOUR, [2]));
      await ingest.batch(link, lane.next(HOUR + 1, [0, 1]));
      await ingest.batch(link, lane.next(HOUR + 2, [0]));
      time.now += HOUR_MS + DUE_MS;
      await run();
      expect(asked).toEqual([
        [HOUR, 3],
        [HOUR + 1, 2],
      ]);
      expect([rows(HOUR), rows(HOUR + 1), await frames()]).toEqual([0, 2, ['2:4']]);
      expect(sealer.stats()).toMatchObject({ hours: 2, ofRelays: 1 });
    });

    test('frames that were not all decoded here, or not counted, have no tally', async () => {
      const { ingest, chains, chunks, store } = await sealerKit(engine);
      const lane = laneOf(2);
      const tails = (hour: number) => chunks.tails(store.db, link.relay, hour, hour);
      const batches = [lane.next(HOUR, [0]), lane.next(HOUR, [1])] as const;
      await ingest.batch(link, batches[0]);
      const early = await tails(HOUR);
      await ingest.batch(link, batches[1]);
      expect(chains.takeTally(early)).toBeUndefined();
      expect(chains.takeTally(await tails(HOUR))?.values).toBeGreaterThan(0);
      chains.forget({ ...link, lane: 2 });
      expect(chains.takeTally(await tails(HOUR))).toBeUndefined();
      // What is read back is not counted: the chain goes on, and its frames are sealed here.
      await ingest.batch(link, lane.next(HOUR, [2]));
      await ingest.batch(link, lane.next(HOUR + 1, [0]));
      expect(chains.takeTally(await tails(HOUR))).toBeUndefined();
      expect(chains.takeTally(await tails(HOUR + 1))?.devices.size).toBe(1);
    });

    test('a lane that may go on with its chain keeps it, sealed as it is, and lets go of it when it went on', async () => {
      const { ingest, run, time, frames, rows } = await sealerKit(engine);
      const lane = laneOf(2);
      await ingest.batch(link, lane.next(HOUR, [0, 1]));
      time.now += DUE_MS;
      await run();
      expect([rows(HOUR), await frames()]).toEqual([2, ['2:1']]);
      // The relay was away with a batch of that chain.
      await ingest.batch(link, lane.next(HOUR, [2, 3]));
      time.now += 60_000;
      await run();
      expect([rows(HOUR), await frames()]).toEqual([4, ['2:1', '2:2']]);
      await ingest.batch(link, lane.next(HOUR + 1, [9]));
      await run();
      expect(await frames()).toEqual(['2:3']);
    });

    test('frames that come while their hour is sealed, and the lane goes on, keep what they continue', async () => {
      const { ingest, run, time, frames, rows, durable, meanwhile } = await sealerKit(engine);
      const lane = laneOf(2);
      await ingest.batch(link, lane.next(HOUR, [0, 1]));
      time.now += DUE_MS;
      meanwhile.push(async () => {
        await ingest.batch(link, lane.next(HOUR, [2, 3]));
        await ingest.batch(link, lane.next(HOUR + 1, [0]));
      });
      await run();
      expect([rows(HOUR), await frames(), durable]).toEqual([2, ['2:1', '2:2', '2:3'], []]);
      time.now += 60_000;
      await run();
      expect([rows(HOUR), await frames()]).toEqual([4, ['2:3']]);
    });

    test('late frames of a sealed hour are merged with it, when they are quiet', async () => {
      const { ingest, sealer, run, time, frames, rows } = await sealerKit(engine);
      const live = laneOf(2);
      await ingest.batch(link, live.next(HOUR, [10, 11]));
      await ingest.batch(link, live.next(HOUR + 1, [0]));
      time.now += DUE_MS;
      await run();
      const late = laneOf(3);
      await ingest.batch(link, late.next(HOUR, [0, 1, 2]));
      await ingest.batch(link, late.next(HOUR + 1, [1]));
      sealer.arrived(link.relay, HOUR);
      await run();
      expect(rows(HOUR)).toBe(2);
      time.now += 60_000;
      await run();
      expect([rows(HOUR), await frames()]).toEqual([5, ['2:2', '3:2']]);
    });

    test('an hour that becomes quiet while others are sealed is not sealed before the one in front of it', async () => {
      const sealed: number[] = [];
      const { ingest, sealer, run, time } = await sealerKit(engine, {
        seal: async ({ site, hour }) => {
          // Another relay's hour takes its time.
          if (site !== link.site) time.now += 30_000;
          else sealed.push(hour);
          return { devices: 1, samples: 1, undecodable: 0 };
        },
      });
      const lane = laneOf(2);
      for (const hour of [HOUR, HOUR + 1, HOUR + 2]) await ingest.batch(link, lane.next(hour, [0]));
      const other = laneOf(2);
      for (const hour of [HOUR, HOUR + 1]) await ingest.batch(linkNo(2), other.next(hour, [0]));
      time.now += HOUR_MS + DUE_MS;
      sealer.arrived(link.relay, HOUR);
      sealer.arrived(link.relay, HOUR + 1);
      time.now += 59_000;
      await run();
      expect(sealed).toEqual([]);
      time.now += 30_000;
      await run();
      expect(sealed).toEqual([HOUR, HOUR + 1]);
    });

    test('records behind frames that wait are durable with them, and at once where none waits', async () => {
      const { ingest, run, time } = await sealerKit(engine);
      const lane = laneOf(3);
      const record = [{ type: 'state', device: deviceNo(1), at: 1, status: 'up' } as const];
      lane.skip();
      expect(await ingest.batch(link, recordsBatch(3, 1, record))).toEqual({ received: 1, durable: 1 });
      await ingest.batch(link, lane.next(HOUR, [0]));
      lane.skip();
      expect(await ingest.batch(link, recordsBatch(3, 3, record))).toEqual({ received: 3, durable: 1 });
      await ingest.batch(link, lane.next(HOUR + 1, [0]));
      time.now += DUE_MS;
      await run();
      expect((await ingest.watermarks(link))[3]).toEqual({ lane: 3, received: 4, durable: 3 });
    });

    test('a relay that says it holds nothing more, or began another spool, has ended its chains', async () => {
      const drained = await sealerKit(engine, { isDrained: () => true });
      const lane = laneOf(3);
      await drained.ingest.batch(link, lane.next(HOUR, [0]));
      drained.time.now += DUE_MS;
      await drained.run();
      expect(await drained.frames()).toEqual([]);
      expect((await drained.ingest.watermarks(link))[3]).toMatchObject({ received: 1, durable: 1 });

      const moved = await sealerKit(engine);
      await moved.ingest.batch(link, laneOf(2).next(HOUR, [0]));
      await moved.ingest.batch({ ...link, epoch: epochNo(2) }, laneOf(2).next(HOUR + 1, [0]));
      moved.time.now += DUE_MS;
      await moved.run();
      expect((await moved.ingest.watermarks(link))[2]).toMatchObject({ durable: 1 });
      expect(moved.rows(HOUR)).toBe(1);
    });

    test('what cannot be sealed stays, is told once, and goes when it can', async () => {
      const told: unknown[] = [];
      let isFull = true;
      const kit = await sealerKit(engine, { onTrouble: (trouble) => void told.push(trouble?.code) });
      const { ingest, time, frames, store, chunks, clock } = kit;
      const sealer = new Sealer({
        ...{ store, chunks, clock, log: silentLogger, moveDurable, isDrained: () => false, onDurable: () => undefined },
        onTrouble: (trouble) => void told.push(trouble?.code),
        seal: () =>
          isFull
            ? Promise.reject(new AppError('disk-full', 'no room'))
            : Promise.resolve({ devices: 1, samples: 1, undecodable: 0 }),
      });
      const lane = laneOf(2);
      for (const hour of [HOUR, HOUR + 1, HOUR + 2]) await ingest.batch(link, lane.next(hour, [0]));
      time.now += HOUR_MS + DUE_MS;
      const { signal } = new AbortController();
      await sealer.sealDue(signal);
      await sealer.sealDue(signal);
      expect([told, await frames()]).toEqual([['disk-full'], ['2:1', '2:2', '2:3']]);
      expect(sealer.stats()).toMatchObject({ failures: 2, hours: 0 });
      isFull = false;
      time.now += 10_000;
      await sealer.sealDue(signal);
      expect([told, await frames()]).toEqual([['disk-full', undefined], ['2:3']]);
    });

    test('what a clock that ran ahead has written keeps nothing else from being durable, and what is of no time is let go of', async () => {
      const { ingest, run, time, frames, rows } = await sealerKit(engine);
      const lane = laneOf(2);
      for (const hour of [1, HOUR, HOUR + 9_000, HOUR + 1]) await ingest.batch(link, lane.next(hour, [0]));
      time.now += DUE_MS;
      await run();
      expect([rows(1), rows(HOUR), await frames()]).toEqual([0, 1, ['2:3', '2:4']]);
      expect((await ingest.watermarks(link))[2]).toMatchObject({ received: 4, durable: 3 });
    });

    test('of frames that do not decode none goes before it is set aside, however many there are', async () => {
      const sealed = { devices: 0, samples: 0, undecodable: 2, spoiled: [0] };
      const { ingest, run, time, frames, store } = await sealerKit(engine, { seal: () => Promise.resolve(sealed) });
      const lane = laneOf(2);
      for (const minute of [0, 1]) await ingest.batch(link, lane.next(HOUR, [minute]));
      await ingest.batch(link, lane.next(HOUR + 1, [0]));
      time.now += DUE_MS;
      await run();
      expect(await frames()).toEqual(['2:2', '2:3']);
      sealed.undecodable = 1;
      time.now += 10_000;
      await run();
      expect(await frames()).toEqual(['2:3']);
      expect(await store.db.selectFrom('quarantine').select('seq').orderBy('seq').execute()).toHaveLength(2);
    });

    test('a console that is started again seals what it held once more, and nothing changes', async () => {
      const { ingest, run, time, rows, frames, sealer, store, chunks, clock } = await sealerKit(engine);
      await ingest.batch(link, laneOf(2).next(HOUR, [0, 1]));
      time.now += DUE_MS;
      await run();
      await run();
      expect(sealer.stats()).toMatchObject({ hours: 1, samples: 6 });
      expect([rows(HOUR), await frames()]).toEqual([2, ['2:1']]);
      const seals: number[] = [];
      const again = new Sealer({
        ...{ store, chunks, clock, log: silentLogger, moveDurable, isDrained: () => false, onDurable: () => undefined },
        seal: (place) => {
          seals.push(place.hour);
          return Promise.resolve({ devices: 1, samples: 0, undecodable: 0 });
        },
      });
      await again.sealDue(new AbortController().signal);
      await again.sealDue(new AbortController().signal);
      expect(seals).toEqual([HOUR]);
    });
  });
}
