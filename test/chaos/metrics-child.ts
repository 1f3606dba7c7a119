// The console that is killed: it receives frames, seals hours, closes, archives and forgets days, and says on stdout what it is at.
import { writeSync } from 'node:fs';
import path from 'node:path';
import { moveDurable } from '#console/ingest/watermark-repository.ts';
import { sealPart } from '#console/metrics/seal-call.ts';
import { packPart } from '#console/metrics/seal-part.ts';
import { Sealer } from '#console/metrics/sealer.ts';
import { openStore } from '#console/store/database.ts';
import { type Clock, systemClock } from '#shared/base/clock.ts';
import { systemRandom } from '#shared/base/id.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { linkNo, streamKit } from '#test/fixtures/stream-kit.ts';
import { batchesOfHour, dueTime, hourOfBatch, KEPT_DAYS, LANE, type Stage } from './metrics-plan.ts';

const [folder = ''] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const at = (stage: Stage): void => say(`at ${stage}`);
const link = linkNo(1);
const store = await openStore(
  { engine: 'sqlite', file: path.join(folder, 'console.db') },
  { clock: systemClock, random: systemRandom },
);
const kit = streamKit(store);
const days = new FileDayStore({ folder: path.join(folder, 'metrics'), onDamage: (text) => say(`damage ${text}`) });
let now = 0;
const clock: Clock = {
  now: () => now,
  monotonic: () => now,
  sleep: (_ms, signal) => systemClock.sleep(0, signal),
};
const context = { store: days, folder, signal: new AbortController().signal, giveWay: () => Promise.resolve() };
const sealer = new Sealer({
  ...{ store, chunks: kit.chunks, clock, log: silentLogger, moveDurable },
  seal: async (place, chains) => await sealPart(packPart(place, chains).part, context),
  isDrained: () => false,
  onDurable: () => undefined,
  onTrouble: (trouble) => say(`trouble ${trouble?.message}`),
});

async function finish(work: Generator<void, boolean>): Promise<void> {
  for (let next = work.next(); next.done !== true; next = work.next()) await systemClock.sleep(0);
}

/** What the night's jobs do: the day before is closed, the one before that archived, the oldest forgotten. */
async function keepHouse(today: number): Promise<void> {
  for (const { day, tier } of days.states()) {
    if (day <= today - KEPT_DAYS) {
      say(`dropping ${day}`);
      at('retaining');
      days.drop(day, tier);
    } else if (tier === 'hours' && day < today) {
      at('rolling-up');
      await finish(days.rollUp(day));
    } else if (tier === 'days' && day < today - 1) {
      at('archiving');
      await finish(days.archive(day));
    }
  }
}

const marks = await kit.ingest.watermarks(link);
let done = marks.find(({ lane }) => lane === LANE)?.received ?? 0;
say('up');
for (let hour = hourOfBatch(done + 1); ; hour += 1) {
  for (const batch of batchesOfHour(hour)) {
    if (batch.seq <= done) continue;
    at('receiving');
    await kit.ingest.batch(link, batch);
    done = batch.seq;
    say(`received ${done}`);
  }
  now = dueTime(hour);
  at('sealing');
  await sealer.sealDue(new AbortController().signal);
  // Every third hour is a night, so that all stages come round soon.
  if (hour % 3 === 0) await keepHouse(Math.floor(hour / 24));
}
