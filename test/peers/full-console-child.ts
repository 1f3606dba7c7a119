// Fills the small file system of a console that takes in metrics, and prints what happened as one JSON line. Runs in a mount namespace.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Audit } from '#console/audit/audit.ts';
import { RoomWatch } from '#console/schedule/room-watch.ts';
import { readRoom } from '#console/schedule/storage.ts';
import { openStore } from '#console/store/database.ts';
import { describeError } from '#shared/base/errors.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { audit as audited } from '#test/fixtures/spool-kit.ts';
import { deviceNo, LaneWriter, linkNo, pollNo, recordsBatch, streamKit } from '#test/fixtures/stream-kit.ts';

const MIB = 1_048_576;
const [folder = ''] = process.argv.slice(2);
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', folder]);
const clock = new FakeClock();
const store = await openStore({ engine: 'sqlite', file: path.join(folder, 'console.db') });
const audit = new Audit({ clock });
const ballast = new Ballast(path.join(folder, 'ballast'));
const levels: string[] = [];
const watch = new RoomWatch({
  ...{ store, audit, clock, log: silentLogger, ballast },
  needs: { lowBytes: 100 * MIB, shortBytes: 60 * MIB, fullBytes: 24 * MIB },
  read: () => readRoom(folder),
  onShort: async () => void levels.push('shorten'),
});
const look = async () => {
  await watch.look();
  levels.push(watch.level);
};
const { ingest, applied } = streamKit(store, { isFull: () => watch.isFull });
const [link, writer] = [linkNo(1), new LaneWriter()];
let polls = 0;
let waiting: ReturnType<LaneWriter['next']> | undefined;
/** As a relay does it: a batch that was not acknowledged comes again, the same. */
const send = async (): Promise<string> => {
  if (waiting === undefined) {
    polls += 1;
    waiting = writer.next([pollNo(deviceNo(1), polls)]);
  }
  try {
    await ingest.batch(link, waiting);
    waiting = undefined;
    return 'ok';
  } catch (error) {
    return describeError(error).code;
  }
};
let records = 0;
const outcome = async (): Promise<string> => {
  try {
    await ingest.batch(link, recordsBatch(0, records + 1, [audited(clock.now(), 'x')]));
    records += 1;
    return 'ok';
  } catch (error) {
    return describeError(error).code;
  }
};
const fill = (name: string, mib: number) => {
  try {
    writeFileSync(path.join(folder, name), new Uint8Array(mib * MIB));
  } catch {
    // As much as there was room for.
  }
};
const person = async (name: string): Promise<string> => {
  try {
    await store.db.insertInto('customer').values({ id: name, name, created_at: 1 }).execute();
    return 'ok';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'error';
  }
};

await look();
const report: Record<string, unknown> = { hadBallast: ballast.isHeld, first: await send() };
fill('others-1', 50);
await look();
fill('others-2', 40);
await look();
report['short'] = [await send(), await outcome(), await person('short')];
fill('others-3', 30);
await look();
report['full'] = [await send(), await outcome(), await person('full'), ballast.isHeld];
// Somebody else takes the rest before anything is looked at: the database itself finds no room.
fill('others-4', 100);
const bulk = Array.from({ length: 2_000 }, (_, i) => ({
  id: `b${i}`,
  name: `bulk ${i} ${'x'.repeat(200)}`,
  created_at: 1,
}));
const refused = await store.db
  .insertInto('customer')
  .values(bulk)
  .execute()
  .then(
    () => 'ok',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'error'),
  );
const readable = await store.db.selectFrom('customer').select('id').execute();
report['none'] = [refused, readable.length];
for (const name of ['others-1', 'others-2', 'others-3', 'others-4']) rmSync(path.join(folder, name), { force: true });
await look();
report['after'] = [await send(), await send(), await outcome(), await person('after'), ballast.isHeld, watch.level];
const frames = await store.db.selectFrom('metric_frame').select(['seq']).orderBy('seq').execute();
report['frames'] = frames.map(({ seq }) => seq);
report['outcomes'] = [records, applied.length];
const told = await store.db.selectFrom('audit_log').select('detail').where('verb', '=', 'storage.room').execute();
report['told'] = told.map(({ detail }) => JSON.parse(detail).to);
report['levels'] = levels;
await ingest.stop();
await store.close();
process.stdout.write(`${JSON.stringify(report)}\n`);
