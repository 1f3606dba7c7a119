// Data of the release that kept every frame for ever: its hours are sealed one after the other, and not a sample of them is lost.
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { moveDurable } from '#console/ingest/watermark-repository.ts';
import { openStore, type Store } from '#console/store/database.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { metricById } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { Lane } from '#shared/protocol/lane.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { deviceNo, epochNo, HOUR, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import type { Frame } from './chunk-store.ts';
import { FrameRepository } from './frame-repository.ts';
import { MetricsWorker } from './metrics-worker.ts';
import { decodeStored } from './open-chains.ts';
import { packPart } from './seal-part.ts';
import { Sealer } from './sealer.ts';

const HOURS = 9;
const chunks = new FrameRepository();

async function earlierStore(): Promise<Store> {
  const file = path.join(tempFolder(onTestFinished), 'console.db');
  copyFileSync(path.join(PROJECT, 'test/fixtures/data-0001.sqlite'), file);
  const store = await openStore({ engine: 'sqlite', file });
  onTestFinished(() => store.close());
  return store;
}

/** A relay whose link was down every third hour: those hours came in lane 3, behind records, in frames of the size of a backlog. */
function framesOf(n: number): { frames: Frame[]; last: Map<Lane, number> } {
  const sweeps = pollsOfMix({ devices: 3, columns: 30, seed: n, from: HOUR * HOUR_MS });
  const last = new Map<Lane, number>([
    [2, 0],
    [3, 7],
  ]);
  const frames: Frame[] = [];
  for (let hour = HOUR; hour < HOUR + HOURS; hour += 1) {
    const lane: Lane = hour % 3 === 0 ? 3 : 2;
    const encoder = new DeltaEncoder(hour);
    for (let minute = 0; minute < 60; minute += 1) {
      // Each relay has devices of its own.
      for (const [i, poll] of (sweeps.next().value ?? []).entries())
        encoder.add({ ...poll, device: deviceNo(n * 10 + i) });
      if (minute % (lane === 3 ? 60 : 5) !== (lane === 3 ? 59 : 4)) continue;
      const { data, samples } = encoder.take();
      const seq = (last.get(lane) ?? 0) + 1;
      last.set(lane, seq);
      frames.push({
        relay: relayNo(n),
        epoch: epochNo(n),
        hour,
        lane,
        seq,
        batches: 1,
        site: siteNo(n),
        samples,
        data,
      });
    }
  }
  return { frames, last };
}

async function keepAsThen(store: Store, n: number): Promise<void> {
  const { frames, last } = framesOf(n);
  await store.transaction((tx) => chunks.put(tx, frames));
  const marks = [...last].map(([lane, seq]) => ({ lane, received: seq, durable: seq }));
  await store.db
    .insertInto('watermark')
    .values(marks.map((mark) => ({ relay_id: relayNo(n), epoch: epochNo(n), ...mark })))
    .execute();
}

const lineOf = ({ device, at, series, values }: PollRecord): string[] =>
  series.flatMap(({ metric, instance }, i) =>
    values[i] === undefined ? [] : [`${device} ${at} ${metricById(metric)?.name} ${instance} ${values[i]}`],
  );

/** Every sample in the journal. */
async function inJournal(store: Store): Promise<string[]> {
  const rows = await store.db
    .selectFrom('metric_frame')
    .select(['relay_id', 'epoch', 'hour', 'lane', 'data'])
    .orderBy('relay_id')
    .orderBy('epoch')
    .orderBy('lane')
    .orderBy('seq')
    .execute();
  const decoders = new Map<string, DeltaDecoder>();
  return rows.flatMap(({ relay_id, epoch, hour, lane, data }) => {
    const key = `${relay_id} ${epoch} ${lane} ${hour}`;
    const decoder = decoders.get(key) ?? new DeltaDecoder(hour);
    decoders.set(key, decoder);
    return (decodeStored(decoder, data) ?? []).flatMap(lineOf);
  });
}

/** Every sample in the files of days. */
function inFiles(folder: string): string[] {
  const days = new FileDayStore({ folder, onDamage: (text) => expect.fail(text) });
  const lines: string[] = [];
  for (const day of new Set(days.states().map((one) => one.day))) {
    const reader = days.read(day);
    for (const { device } of reader?.devices() ?? [])
      for (const hour of reader?.rawHours(device) ?? []) {
        const data = reader?.raw(device, hour);
        for (const [column, number] of (data?.series ?? []).entries())
          for (const [row, at] of (data?.times ?? []).entries()) {
            const value = data?.values[column * (data?.times.length ?? 0) + row] ?? Number.NaN;
            const series = reader?.seriesOf(number);
            if (!Number.isNaN(value)) lines.push(`${device} ${at} ${series?.name} ${series?.instance} ${value}`);
          }
      }
  }
  days.stop();
  return lines;
}

test('the frames of an earlier release are sealed hour by hour, and every sample is the same before and after', async () => {
  const store = await earlierStore();
  for (const n of [1, 2]) await keepAsThen(store, n);
  const before = await inJournal(store);
  expect(before.length).toBeGreaterThan(2 * HOURS * 60 * 3 * 20);

  const folder = tempFolder(onTestFinished);
  const worker = new MetricsWorker({ folder, clock: systemClock, random: () => 0, log: silentLogger });
  onTestFinished(() => worker.stop());
  const order: string[] = [];
  const sealer = new Sealer({
    ...{ store, chunks, moveDurable, log: silentLogger },
    clock: { ...systemClock, now: () => (HOUR + HOURS + 1) * HOUR_MS },
    seal: async (place, chains) => {
      if (place.isFirst) order.push(`${chains[0]?.relay} ${place.hour}`);
      const { part, moves } = packPart(place, chains);
      return await worker.call('seal', part, { moves });
    },
    isDrained: () => false,
    onDurable: () => undefined,
  });
  await sealer.sealDue(new AbortController().signal);
  await worker.stop();

  // What a relay may go on with is in the files already, and stays in the journal.
  const kept = await inJournal(store);
  const files = inFiles(folder);
  const [told, sealed] = [new Set(before), new Set(files)];
  expect(before.filter((sample) => !sealed.has(sample)).slice(0, 3)).toEqual([]);
  expect(files.filter((sample) => !told.has(sample)).slice(0, 3)).toEqual([]);
  expect(files.length).toBe(told.size);
  expect(kept.length).toBeLessThan(before.length / 3);
  for (const n of [1, 2]) {
    const hours = order.filter((one) => one.startsWith(relayNo(n))).map((one) => Number(one.split(' ')[1]));
    expect(hours).toEqual([...hours].sort((a, b) => a - b));
  }
  // The fixture's own frame reads as nothing: it is set aside as it is.
  const aside = await store.db.selectFrom('quarantine').select(['seq', 'code', 'data']).execute();
  expect(aside).toMatchObject([{ seq: 1, code: 'frame-malformed' }]);
  expect(aside[0]?.data.length).toBe(32);
  const marks = await store.db.selectFrom('watermark').select(['received', 'durable']).execute();
  expect(marks.every(({ received, durable }) => received === durable)).toBe(true);
});
