// The process that is told hostile things by Windows machines: started by winrm.ts, it reports over its channel.
import { systemClock } from '#shared/base/clock.ts';
import { seededRandom, seedFrom } from '#test/fixtures/seeded-random.ts';
import type { Figures } from '#test/judge.ts';
import type { Random } from './mutate.ts';
import { answersCase } from './winrm-answers.ts';
import { dropCase, startDropHost } from './winrm-drops.ts';
import { WireHost, wireCase } from './winrm-wire.ts';

export type WinrmReport =
  | { kind: 'progress'; done: number }
  | { kind: 'finding'; sentence: string }
  | { kind: 'done'; figures: Figures };

const [count = 0, seed = 0] = process.argv.slice(2).map(Number);
const report = (message: WinrmReport) => void process.send?.(message);

/** A case that takes longer, and does so again when it is repeated, is a hang: other work on the machine pauses us too. */
const HANG_MS = 1_000;
/** More of the same help nobody. */
const MAX_TOLD = 20;
/** Every so manieth case has its memory measured: collecting garbage before each would take longer than the cases. */
const MEASURE_EVERY = 11;

const tally = { crashes: 0, hangs: 0, slowestMs: 0, memoryMb: 0, twice: 0, extraLogins: 0, leftShells: 0 };
const seen = { answers: 0, understood: 0, wires: 0, boundariesRead: 0, drops: 0, dropsAnswered: 0 };

function tell(sentence: string): void {
  if (tally.crashes + tally.hangs + tally.twice <= MAX_TOLD) report({ kind: 'finding', sentence });
}

process.on('unhandledRejection', (error) => {
  tally.crashes += 1;
  tell(`a rejection that nobody heard: ${error instanceof Error ? error.stack : String(error)}`);
});

const wire = await WireHost.start();
const host = await startDropHost();

/** Seven answers, two wires, one drop of each ten. */
async function runCase(n: number, random: Random): Promise<void> {
  if (n % 10 < 7) {
    seen.answers += 1;
    if (await answersCase(random)) seen.understood += 1;
  } else if (n % 10 < 9) {
    const { read, twice } = await wireCase(wire, random, n);
    seen.wires += 1;
    seen.boundariesRead += read;
    tally.twice += twice;
  } else {
    const { twice, extraLogins, leftShells, answered } = await dropCase(host, random, n);
    seen.drops += 1;
    seen.dropsAnswered += answered;
    tally.twice += twice;
    tally.extraLogins = Math.max(tally.extraLogins, extraLogins);
    tally.leftShells += Math.max(0, leftShells);
    if (twice > 0 || extraLogins > 1 || leftShells > 0)
      tell(`case ${n} of seed ${seed}: ${twice} run twice, ${extraLogins} more logins, ${leftShells} shells left`);
  }
}

const usedBytes = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

async function timed(n: number): Promise<number> {
  const start = systemClock.monotonic();
  try {
    await runCase(n, seededRandom(seedFrom('winrm', seed, n)));
  } catch (error) {
    tally.crashes += 1;
    tell(`case ${n} of seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  return systemClock.monotonic() - start;
}

for (let n = 0; n < count; n += 1) {
  if (n % 100 === 0) report({ kind: 'progress', done: n });
  const isMeasured = n % MEASURE_EVERY === 0;
  if (isMeasured) globalThis.gc?.();
  const before = usedBytes();
  const ms = await timed(n);
  if (isMeasured) tally.memoryMb = Math.max(tally.memoryMb, (usedBytes() - before) / 2 ** 20);
  if (ms > HANG_MS && Math.min(await timed(n), await timed(n)) > HANG_MS) {
    tally.hangs += 1;
    tell(`case ${n} of seed ${seed} takes ${Math.round(ms)} ms`);
  }
  tally.slowestMs = Math.max(tally.slowestMs, ms);
}
await wire.stop();
await host.stop();
const memoryMb = Math.round(tally.memoryMb * 10) / 10;
report({
  kind: 'done',
  figures: { inputs: count, ...tally, slowestMs: Math.round(tally.slowestMs), memoryMb, ...seen },
});
process.disconnect();
