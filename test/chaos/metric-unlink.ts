// A closed day goes while frames are committed: the longest commit meanwhile.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { systemClock } from '#shared/base/clock.ts';
import { dayFile } from '#shared/day-files/day-paths.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { openSqlite } from '#shared/runtime/open-sqlite.ts';
import { TEST_DAY } from '#test/fixtures/day-kit.ts';

const BLOCK = Buffer.alloc(4 * 2 ** 20, 7);
/** Before the unlink and after it: what it costs the file system may come later. */
const AROUND_MS = 500;

export interface UnlinkReport {
  bytes: number;
  unlinkMs: number;
  commits: number;
  /** The longest commit of a frame before the unlink, which is what the disk and other work cost. */
  usualCommitMs: number;
  /** The same from its beginning on. */
  longestCommitMs: number;
}

export async function unlinkDay(folder: string, bytes: number): Promise<UnlinkReport> {
  // Makes the folders.
  new FileDayStore({ folder, onDamage: () => undefined }).stop();
  const file = dayFile(folder, 'raw', TEST_DAY);
  writeLarge(file, bytes);
  const db = openSqlite(path.join(folder, 'console.db'));
  db.exec('create table frame (seq integer primary key, data blob) strict');
  const put = db.prepare('insert into frame (data) values (?)');
  const frame = Buffer.alloc(4_096, 1);
  let unlinkMs = -1;
  let longest = 0;
  let usual = 0;
  let commits = 0;
  let isUnlinking = false;
  let end = Number.POSITIVE_INFINITY;
  const begin = systemClock.monotonic();
  let thread: Worker | undefined;
  while (systemClock.monotonic() < end) {
    const start = systemClock.monotonic();
    put.run(frame);
    const took = systemClock.monotonic() - start;
    if (isUnlinking) longest = Math.max(longest, took);
    else usual = Math.max(usual, took);
    commits += 1;
    if (thread === undefined && start > begin + AROUND_MS) {
      thread = childThread(folder);
      // It begins with loading its sources, which is none of the unlink.
      thread.on('message', (ms: number | 'begins') => {
        if (ms === 'begins') {
          isUnlinking = true;
          return;
        }
        unlinkMs = ms;
        end = systemClock.monotonic() + AROUND_MS;
      });
    }
    await systemClock.sleep(1);
  }
  db.close();
  await thread?.terminate();
  return { bytes, unlinkMs, commits, usualCommitMs: usual, longestCommitMs: longest };
}

/** A thread has no loader of its own: it registers the one that sources need. */
function childThread(folder: string): Worker {
  const tsx = path.dirname(createRequire(import.meta.url).resolve('tsx/package.json'));
  const loader = pathToFileURL(path.join(tsx, 'dist/esm/api/index.mjs')).href;
  const child = new URL('./metric-unlink-child.ts', import.meta.url).href;
  const text = `import { register } from ${JSON.stringify(loader)}; register(); await import(${JSON.stringify(child)});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(text)}`), {
    workerData: { folder },
    execArgv: [],
  });
}

function writeLarge(file: string, bytes: number): void {
  const fd = openSync(file, 'w');
  try {
    for (let done = 0; done < bytes; done += BLOCK.length) writeSync(fd, BLOCK);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
