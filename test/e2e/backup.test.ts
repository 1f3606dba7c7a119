// A backup in the middle of ingest, a disk that is lost, a restore: relays fill up what came after it, nothing is missing and nothing twice.
import { execFile } from 'node:child_process';
import { readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { ensureBundles } from '#test/chaos/bundles.ts';
import { startEstate } from '#test/chaos/estate.ts';
import { drain } from '#test/chaos/kill.ts';
import { auditKill } from '#test/chaos/kill-audit.ts';
import { withDatabase } from '#test/chaos/stream-content.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';

const run = promisify(execFile);
const silent = () => undefined;

const SIZE = { relays: 2, devicesPerRelay: 10, seed: 7 };
/** Two polls of each device, at the shortest interval. */
const MEANWHILE_MS = 10_000;

const incarnationOf = (file: string): unknown =>
  withDatabase(file, (db) => db.prepare('select incarnation from instance').pluck().get());
const framesOf = (file: string): number =>
  withDatabase(file, (db) => Number(db.prepare('select count(*) from metric_frame').pluck().get()));

test('a console restored from a backup under ingest gets the rest from its relays: 0 lost, 0 twice', async () => {
  const bundles = await ensureBundles(silent);
  const folder = tempFolder(onTestFinished, 'rmm-backup');
  const shelf = path.join(folder, 'shelf');
  await using estate = await startEstate({ ...SIZE, folder, bundles });
  const { console, consoleData: data, consoleFile } = estate;
  const rmm = (...args: string[]) => run(process.execPath, [bundles.rmm, 'console', ...args, '--data', data]);
  await systemClock.sleep(MEANWHILE_MS);
  const atBackup = framesOf(consoleFile);
  await rmm('backup', shelf);
  const [name = ''] = readdirSync(shelf);
  const backup = path.join(shelf, name);
  expect((await run(process.execPath, [bundles.rmm, 'console', 'check', backup])).stdout).toMatch(
    /as they were written/,
  );
  await systemClock.sleep(MEANWHILE_MS);
  const before = { frames: framesOf(consoleFile), incarnation: incarnationOf(consoleFile) };
  await console.kill();
  renameSync(data, `${data}-lost`);
  await rmm('restore', backup);
  const restored = { frames: framesOf(consoleFile), incarnation: incarnationOf(consoleFile) };
  console.start();
  await console.ready();
  await systemClock.sleep(MEANWHILE_MS);
  const { polls, marks } = await drain(estate, silent);
  const audit = await auditKill(estate, { polls, marks, relayKills: 0 });
  process.stdout.write(`backup under ingest: ${JSON.stringify({ atBackup, before: before.frames, ...audit })}\n`);
  // The backup was taken while frames came, and the console had more than it when its disk was lost.
  expect([atBackup > 0, restored.frames >= atBackup, before.frames > restored.frames]).toEqual([true, true, true]);
  expect(restored.incarnation).not.toBe(before.incarnation);
  expect(audit).toMatchObject({ lost: 0, dup: 0, gaps: 0, undecodable: 0, quarantined: 0 });
  expect(audit.spooled).toBeGreaterThan(0);
  expect(audit.stored).toBe(audit.spooled);
});
