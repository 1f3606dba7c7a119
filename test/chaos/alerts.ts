// `npm run chaos -- alerts`: relays and console are killed while devices die and come back; then alerts, the log of what was told, and the mails are compared.
import { systemClock } from '#shared/base/clock.ts';
import { startWatchRig, type WatchRig } from '#test/e2e/watch-rig.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { auditAlerts } from './alerts-audit.ts';
import type { Chaos, ChaosOptions } from './chaos.ts';
import type { Program } from './program.ts';

interface Size {
  sites: number;
  devices: number;
  /** Between the ends of two devices. */
  everyMs: number;
  killEveryMs: number;
  /** Long enough for a relay that dies meanwhile to ask twice in vain. */
  downMs: number;
  /** Without news before the first ends. */
  quietMs: number;
}

/** Each device ends once and comes back once: 200 transitions, each an alert of its own. */
const FULL: Size = { sites: 2, devices: 50, everyMs: 1_000, killEveryMs: 2_500, downMs: 25_000, quietMs: 5_000 };
const QUICK: Size = { sites: 2, devices: 4, everyMs: 100, killEveryMs: 3_000, downMs: 18_000, quietMs: 1_000 };
/** Each third kill is the console's: it is one of three. */
const CONSOLE_EVERY = 3;
/** Of the mails under way some meet a server that is busy. */
const BUSY_EVERY_MS = 6_000;
const SETTLE_MS = 240_000;
/** So that "it is over" is told within the run; the product waits five minutes for a relapse. */
const ENV = { RMM_ALERTS_DEDUP_MS: '1000' };

export const alerts: Chaos = async ({ isQuick, seed, seconds, say }: ChaosOptions) => {
  const startedAt = systemClock.monotonic();
  const size = isQuick ? QUICK : FULL;
  await using rig = await startWatchRig({ ...size, seed, say, atLeast: ['critical'], env: ENV });
  await rig.quiet(size.quietMs);
  const over = new AbortController();
  const random = seededRandom(seed);
  const killing = killAll(rig, random, size.killEveryMs, over.signal);
  const busy = busyServer(rig, over.signal);
  await Promise.all(
    devicesOf(size, random).map(([site, device], n) =>
      dieAndComeBack(rig, [site, device], n * size.everyMs, size.downMs),
    ),
  );
  over.abort();
  const kills = await killing;
  await busy;
  say(`${kills.relay} relays and ${kills.console} consoles were killed; waiting until all is told`);
  const figures = {
    ...(await auditAlerts(rig, SETTLE_MS, say)),
    kills: kills.relay + kills.console,
    killsConsole: kills.console,
    killsRelay: kills.relay,
    refusals: rig.sink.refused.length,
    crashes: rig.estate.programs.reduce((sum, program) => sum + program.crashes, 0),
  };
  const details = { seed, ...size, ...(seconds === undefined ? {} : { seconds }) };
  return { name: 'chaos alerts', figures, durationMs: systemClock.monotonic() - startedAt, details };
};

/** Site and number of each device, in an order of chance. */
function devicesOf({ sites, devices }: Size, random: () => number): Array<[number, number]> {
  const all = Array.from({ length: sites * devices }, (_, n): [number, number] => [n % sites, Math.floor(n / sites)]);
  return all
    .map((one) => ({ one, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one);
}

async function dieAndComeBack(
  rig: WatchRig,
  [site, device]: [number, number],
  afterMs: number,
  downMs: number,
): Promise<void> {
  await systemClock.sleep(afterMs);
  await rig.power(site, [device], false);
  await systemClock.sleep(downMs);
  await rig.power(site, [device], true);
}

async function killAll(rig: WatchRig, random: () => number, everyMs: number, signal: AbortSignal) {
  const kills = { relay: 0, console: 0 };
  for (let n = 0; ; n += 1) {
    await systemClock.sleep(everyMs * (0.5 + random()), signal).catch(() => undefined); // over
    if (signal.aborted) return kills;
    const isConsole = n % CONSOLE_EVERY === 1;
    const { relays, console } = rig.estate;
    const program: Program | undefined = isConsole ? console : relays[Math.floor(random() * relays.length)]?.program;
    if (program === undefined || !(await program.kill())) continue;
    kills[isConsole ? 'console' : 'relay'] += 1;
    program.start();
    // One that never comes up does no work that could be lost.
    await program.ready();
  }
}

async function busyServer(rig: WatchRig, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await rig.sink.plan({ reply: '451 4.3.0 busy', times: 1 });
    await systemClock.sleep(BUSY_EVERY_MS, signal).catch(() => undefined); // over
  }
  await rig.sink.plan({ reply: '', times: 0 });
}
