// The thread that owns the day files: asked, killed, started again, stopped.
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { createLogger } from '#shared/runtime/logger.ts';
import { deviceNo, epochNo, HOUR, pollNo, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { MetricsWorker } from './metrics-worker.ts';
import { packPart } from './seal-part.ts';
import { startWorkerThread } from './worker-thread.ts';

function workerKit() {
  const folder = tempFolder(onTestFinished);
  const lines: string[] = [];
  const log = createLogger('test', 'info', { now: () => 0, write: (line) => void lines.push(line) });
  const threads: Array<ReturnType<typeof startWorkerThread>> = [];
  const worker = new MetricsWorker({
    ...{ folder, clock: systemClock, log },
    random: () => 0,
    start: (start) => {
      const thread = startWorkerThread(start);
      threads.push(thread);
      return thread;
    },
  });
  onTestFinished(() => worker.stop());
  return { folder, lines, threads, worker };
}

function partOf(polls: number, place = { isFirst: true, isLast: true }) {
  const encoder = new DeltaEncoder(HOUR);
  for (let n = 0; n < polls; n += 1) encoder.add(pollNo(deviceNo(1), n));
  const frames = [encoder.take().data];
  return packPart({ site: siteNo(1), hour: HOUR, ...place }, [
    { relay: relayNo(1), epoch: epochNo(1), lane: 2, frames },
  ]);
}

test('what the worker answered is on disk, and readable once it is stopped', async () => {
  const { folder, worker } = workerKit();
  const { part, moves } = partOf(30);
  expect(await worker.call('seal', part, { moves })).toEqual({ devices: 1, samples: 90, undecodable: 0 });
  await worker.stop();
  const store = new FileDayStore({ folder, onDamage: (text) => expect.fail(text) });
  onTestFinished(() => store.stop());
  expect(store.read(Math.floor(HOUR / 24))?.raw(deviceNo(1), HOUR)?.times.length).toBe(30);
});

test('what the worker throws comes back under its code', async () => {
  const { worker } = workerKit();
  const { part } = partOf(1, { isFirst: false, isLast: true });
  await expect(worker.call('seal', part)).rejects.toMatchObject({ code: 'bad-request' });
});

test('a worker that dies is told of and started again; calls in flight are refused', async () => {
  const { lines, threads, worker } = workerKit();
  const { part } = partOf(30);
  const inFlight = worker.call('seal', part);
  const refused = expect(inFlight).rejects.toMatchObject({ code: 'unavailable' });
  await threads[0]?.terminate();
  await refused;
  await expect(worker.call('seal', part)).rejects.toMatchObject({ code: 'unavailable' });
  expect(lines.join('\n')).toContain('the metrics worker ended');
  await expect.poll(() => threads.length).toBe(2);
  expect(await worker.call('seal', part)).toMatchObject({ samples: 90 });
});

test('an asker who leaves gets the reason of its own, and the worker goes on', async () => {
  const { worker } = workerKit();
  const { part } = partOf(30);
  const abort = new AbortController();
  const asked = worker.call('seal', part, { signal: abort.signal });
  abort.abort(new Error('gone'));
  await expect(asked).rejects.toThrow('gone');
  expect(await worker.call('seal', part)).toMatchObject({ devices: 1 });
});

test('after the stop every call is refused', async () => {
  const { worker } = workerKit();
  await worker.stop();
  await expect(worker.call('seal', partOf(1).part)).rejects.toMatchObject({ code: 'unavailable' });
});
