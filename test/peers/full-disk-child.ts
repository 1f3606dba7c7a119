// Fills a small file system with a spool, prints what happened as one JSON line. Run inside an own mount namespace.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import { describeError } from '#shared/base/errors.ts';
import { Ballast } from '#shared/runtime/ballast.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { audit, fact, poll, readAll } from '#test/fixtures/spool-kit.ts';

const [folder = ''] = process.argv.slice(2);
const clock = new FakeClock();
const events: string[] = [];
const open = () =>
  new DurableSpool({
    file: path.join(folder, 'spool.db'),
    clock,
    ballast: new Ballast(path.join(folder, 'ballast')),
    onEvent: (event) => events.push(event.code),
  });

const mount = (...options: string[]) => execFileSync('mount', [...options, folder]);
const count = (spool: DurableSpool, lane: 0 | 3) =>
  readAll(spool, lane).reduce((n, item) => n + ('batch' in item ? item.batch.n : 0), 0);
const lost = (spool: DurableSpool) => readAll(spool, 3).reduce((n, item) => n + ('gap' in item ? item.gap.n : 0), 0);

mount('-t', 'tmpfs', '-o', 'size=96m', 'tmpfs');
const spool = open();
const hadBallast = spool.stats().hasBallast;
// An hour of 8 MB after the other, twice what the disk has.
let facts = 0;
for (let hour = 0; hour < 20; hour += 1) {
  for (let i = 0; i < 500; i += 1) {
    spool.addRecord(3, fact(clock.now(), 16_000));
    facts += 1;
  }
  spool.flush();
  await clock.advance(3_600_000);
}
const duringFull = { hasBallast: spool.stats().hasBallast, kept: count(spool, 3), lost: lost(spool) };
let outcomes = 0;
let refusal = '';
try {
  for (; outcomes < 200; outcomes += 1) spool.addRecord(0, audit(clock.now(), 'x'.repeat(200)));
} catch (error) {
  refusal = describeError(error).message;
}
mount('-o', 'remount,size=256m');
await clock.advance(61_000);
spool.addPoll(poll(1, clock.now(), 1));
spool.flush();
const after = { hasBallast: spool.stats().hasBallast, outcomes: count(spool, 0) };
await spool.stop();
const again = open();
const reopened = { outcomes: count(again, 0), kept: count(again, 3), lost: lost(again) };
await again.stop();
process.stdout.write(
  `${JSON.stringify({ hadBallast, facts, duringFull, outcomes, refusal, after, reopened, events: [...new Set(events)] })}\n`,
);
