// `bench unlink`: how long ingest waits at most while whole days are forgotten beside it.
import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { MetricsWorker } from '#console/metrics/metrics-worker.ts';
import { openStore } from '#console/store/database.ts';
import { systemClock } from '#shared/base/clock.ts';
import { dayFile } from '#shared/day-files/day-paths.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { deviceNo, LaneWriter, linkNo, pollNo, streamKit } from '#test/fixtures/stream-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { rounded } from './statistics.ts';

const MIB = 1_048_576;
const FIRST_DAY = 20_000;

/** On disk, and not only asked for: an unlink frees real blocks. */
function writeDay(file: string, mib: number): void {
  const piece = randomFillSync(new Uint8Array(MIB));
  const fd = openSync(file, 'w', 0o600);
  for (let i = 0; i < mib; i += 1) writeSync(fd, piece);
  fsyncSync(fd);
  closeSync(fd);
}

export const benchUnlink: Bench = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  const [days, mib] = isQuick ? [3, 30] : [10, 100];
  await using folder = makeTempFolder('rmm-bench-unlink');
  const metrics = path.join(folder.path, 'metrics');
  mkdirSync(path.join(metrics, 'raw'), { recursive: true });
  for (let day = 0; day < days; day += 1) writeDay(dayFile(metrics, 'raw', FIRST_DAY + day), mib);
  say(`${days} days of ${mib} MiB are written`);
  const worker = new MetricsWorker({ folder: metrics, clock: systemClock, random: Math.random, log: silentLogger });
  await using store = await openStore({ engine: 'sqlite', file: path.join(folder.path, 'console.db') });
  const { ingest } = streamKit(store, { clock: systemClock });
  const [link, writer] = [linkNo(1), new LaneWriter()];
  let polls = 0;
  /** The slowest acknowledgement, and the loop's longest delay, while `isOver` is not. */
  const ingestUntil = async (isOver: () => boolean) => {
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    let [slowestMs, batches] = [0, 0];
    for (; !isOver(); batches += 1) {
      polls += 1;
      const at = systemClock.monotonic();
      await ingest.batch(link, writer.next([pollNo(deviceNo(1), polls % 300)]));
      slowestMs = Math.max(slowestMs, systemClock.monotonic() - at);
    }
    loop.disable();
    return { slowestMs, loopMaxMs: loop.max / 1e6, batches };
  };
  const until = systemClock.monotonic() + 2_000;
  const quiet = await ingestUntil(() => systemClock.monotonic() >= until);
  let [isDropped, dropMs] = [false, 0];
  const dropping = (async () => {
    for (let day = 0; day < days; day += 1) {
      const at = systemClock.monotonic();
      await worker.call('drop', { day: FIRST_DAY + day, tier: 'raw' });
      dropMs = Math.max(dropMs, systemClock.monotonic() - at);
      await systemClock.sleep(100);
    }
    isDropped = true;
  })();
  const during = await ingestUntil(() => isDropped);
  await dropping;
  await worker.stop();
  await ingest.stop();
  const figures = {
    days,
    droppedMiB: days * mib,
    batches: during.batches,
    dropMs: rounded(dropMs),
    blockedMs: rounded(during.slowestMs),
    loopMaxMs: rounded(during.loopMaxMs),
    quietBlockedMs: rounded(quiet.slowestMs),
    // A busy machine keeps ingest waiting without any unlink.
    addedMs: rounded(Math.max(0, during.slowestMs - quiet.slowestMs)),
  };
  return { name: 'bench unlink', figures, durationMs: systemClock.monotonic() - begin };
};
