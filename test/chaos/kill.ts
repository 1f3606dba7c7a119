// `npm run chaos -- kill`: kills console and relays on the built bundles without pause, then counts: nothing lost, nothing twice.
import { systemClock } from '#shared/base/clock.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Figures } from '#test/judge.ts';
import { ensureBundles } from './bundles.ts';
import type { Chaos, ChaosOptions } from './chaos.ts';
import { type Estate, startEstate } from './estate.ts';
import { planFaults } from './fault-plan.ts';
import { FaultRunner } from './fault-runner.ts';
import { auditKill } from './kill-audit.ts';
import { Orders } from './orders.ts';
import { isDrained } from './stream-audit.ts';
import { type LaneMark, readConsoleMarks, readSpoolMarks } from './stream-content.ts';

/** 90 kills in a minute, of which 80 are promised: a target may be dead already. */
const FULL = { relays: 8, devicesPerRelay: 16, seconds: 60, killsPerSecond: 1.5 };
const QUICK = { relays: 2, devicesPerRelay: 10, seconds: 8, killsPerSecond: 1 };
/** A machine that is busy with other suites; the wait ends when it is over. */
const SETTLE_MS = 60_000;
const DRAIN_MS = 120_000;
/** A device whose clock is ten minutes off makes its relay tell of it: an event of lane 1. */
const CLOCK_OFF_MS = 600_000;
const CLOCK_EVERY_MS = 700;

export const kill: Chaos = async ({ isQuick, seed, seconds, say }: ChaosOptions) => {
  const startedAt = systemClock.monotonic();
  const size = { ...(isQuick ? QUICK : FULL), ...(seconds === undefined ? {} : { seconds }) };
  const bundles = await ensureBundles(say);
  await using folder = makeTempFolder('rmm-kill');
  await using estate = await startEstate({ folder: folder.path, bundles, seed, ...size });
  say(`seed ${seed}: ${size.relays} relays with ${size.devicesPerRelay} devices each; ${size.seconds} s of faults`);
  const runner = new FaultRunner(estate, say);
  const orders = new Orders(estate, seededRandom(seed + 1));
  await breakEverything(estate, { runner, orders, seed, ...size });
  say(`${runner.kills} kills; waiting until orders are settled`);
  await until(() => orders.isSettled(), SETTLE_MS);
  const ordersAudit = await orders.audit();
  const { polls, marks } = await drain(estate, say);
  const figures: Figures = {
    ...(await auditKill(estate, { polls, marks, relayKills: runner.counts.killsRelay })),
    kills: runner.kills,
    ...runner.counts,
    crashes: estate.programs.reduce((sum, program) => sum + program.crashes, 0),
    ...ordersAudit,
  };
  return { name: 'chaos kill', figures, durationMs: systemClock.monotonic() - startedAt, details: { seed, ...size } };
};

interface Breaking {
  runner: FaultRunner;
  orders: Orders;
  seed: number;
  seconds: number;
  relays: number;
  killsPerSecond: number;
}

async function breakEverything(estate: Estate, { runner, orders, ...plan }: Breaking): Promise<void> {
  const over = new AbortController();
  const meanwhile = Promise.all([
    orders.run(over.signal),
    turnClocks(estate, seededRandom(plan.seed + 2), over.signal),
  ]);
  await runner.run(planFaults(plan));
  over.abort();
  await meanwhile;
  await Promise.all(estate.programs.map((program) => program.ready().catch(() => undefined))); // ready long ago
}

async function turnClocks(estate: Estate, random: () => number, signal: AbortSignal): Promise<void> {
  for (let isOff = true; !signal.aborted; isOff = !isOff) {
    const index = Math.floor(random() * estate.lab.devices.length);
    await estate.lab.set(index, { clockOffMs: isOff ? CLOCK_OFF_MS : 0 });
    await systemClock.sleep(CLOCK_EVERY_MS, signal).catch(() => undefined); // over
  }
}

/** Polls each device of the lab answered, and where each spool stood when its relay had written everything. */
interface Drained {
  polls: number[];
  marks: Map<string, LaneMark[]>;
}

/** Relays write what they hold and stop; without devices they start again and deliver it. */
export async function drain(estate: Estate, say: (line: string) => void): Promise<Drained> {
  await Promise.all(estate.relays.map(({ program }) => program.stop()));
  const polls = (await estate.lab.counts()).map(({ answeredPolls }) => answeredPolls);
  await estate.lab.stop();
  const marks = new Map(estate.relays.map(({ id, folder }) => [String(id), readSpoolMarks(folder)]));
  say('draining');
  for (const { program } of estate.relays) program.start();
  const isDone = () =>
    estate.relays.every(({ id }) => isDrained(marks.get(id) ?? [], readConsoleMarks(estate.consoleFile, id)));
  await until(isDone, DRAIN_MS);
  await Promise.all(estate.programs.map((program) => program.stop()));
  return { polls, marks };
}

async function until(isTrue: () => boolean, patienceMs: number): Promise<void> {
  const deadline = systemClock.monotonic() + patienceMs;
  while (!isTrue() && systemClock.monotonic() < deadline) await systemClock.sleep(100);
}
