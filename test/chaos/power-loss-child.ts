// The process whose power is cut: commits outcomes and samples to a spool and says on stdout what it was told is durable.
import { writeSync } from 'node:fs';
import path from 'node:path';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import { systemClock } from '#shared/base/clock.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { audit, poll } from '#test/fixtures/spool-kit.ts';

const [folder = '', mode = 'FULL', count = '10'] = process.argv.slice(2);
const file = path.join(folder, 'spool.db');
const spool = new DurableSpool({
  file,
  clock: systemClock,
  ballast: new Ballast(path.join(folder, 'ballast'), { sizeBytes: 4_096, freeBytes: () => 0 }),
  ...(mode === 'NORMAL' ? { faults: { synchronous: 'NORMAL' as const } } : {}),
});
try {
  for (let n = 1; n <= Number(count); n += 1) {
    // 1.5 KB each, so that the write-ahead log is checkpointed and begun again within the run.
    spool.addRecord(0, audit(systemClock.now(), `${n} `.padEnd(1_500, 'x')));
    if (n % 5 === 0) {
      spool.addPoll(poll(1, systemClock.now(), n));
      spool.flush();
    }
    const [outcomes, , , samples] = spool.lanes().map((lane) => lane.next - 1);
    writeSync(1, `durable ${outcomes} ${samples}\n`);
  }
} finally {
  await spool.stop();
}
