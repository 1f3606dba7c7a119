// `bench -- terminal`: how long a key takes to a real sshd and back over a line of 20 ms, and what a flood of output takes of memory.

import { systemClock } from '#shared/base/clock.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { startProxy } from '#test/chaos/proxy.ts';
import { openTerminal, Screen, type TerminalHouse, terminalHouse } from '#test/e2e/terminal-rig.ts';
import type { Bench } from './bench.ts';
import { median, percentile, rounded } from './statistics.ts';

const MB = 1_000_000;
/** Each way. */
const DELAY_MS = 10;
/** A fast typist's. */
const KEY_EVERY_MS = 30;

/** From a key to its echo: nothing else is on the screen, `cat` gives back what the terminal echoes anyway. */
async function echoes(screen: Screen, keys: number): Promise<number[]> {
  const times: number[] = [];
  for (let count = 0; count < keys; count += 1) {
    const before = screen.bytes;
    const began = performance.now();
    await screen.type('x');
    while (screen.bytes === before) await screen.news();
    times.push(performance.now() - began);
    await systemClock.sleep(KEY_EVERY_MS);
  }
  return times;
}

/** What the process has more at its worst than before the flood. */
async function flood(screen: Screen, bytes: number): Promise<number> {
  const rss = () => process.memoryUsage.rss();
  const until = screen.bytes + bytes;
  // First ten megabytes: buffers, heap and compiled code that stay are there, and what is counted is what a flood adds.
  await screen.type('head -c 10000000 /dev/zero | tr "\\0" x; echo wa""rm\n');
  await screen.until(/warm/, 60_000);
  globalThis.gc?.();
  const before = rss();
  let most = before;
  await screen.type(`head -c ${bytes} /dev/zero | tr "\\0" x; echo do""ne\n`);
  while (screen.bytes < until) {
    await systemClock.sleep(20);
    most = Math.max(most, rss());
  }
  await screen.until(/done/, 60_000);
  return most - before;
}

async function measured(house: TerminalHouse, isQuick: boolean, say: (line: string) => void) {
  const proxy = await startProxy({
    target: { host: '127.0.0.1', port: Number(new URL(house.estate.url).port) },
    random: () => 0.5,
  });
  try {
    const console = { ...house.context.console, url: `http://localhost:${proxy.port}` };
    const session = await openTerminal(house);
    const far = await Screen.attach({ context: { ...house.context, console } }, session);
    await far.type('stty size\n');
    await far.until(/24 80/);
    proxy.set({ delayMs: DELAY_MS });
    const rounds: number[] = [];
    const keys = isQuick ? 20 : 100;
    for (let round = 0; round < (isQuick ? 2 : 5); round += 1) {
      rounds.push(percentile(await echoes(far, keys), 0.95));
      say(`round ${round + 1}: p95 ${rounded(rounds.at(-1) ?? Number.NaN)} ms`);
    }
    far.hangUp();
    await far.ended;
    const near = await Screen.attach(house, session, far.bytes);
    await near.type('\u0003');
    const floodBytes = (isQuick ? 20 : 200) * MB;
    const growth = await flood(near, floodBytes);
    near.hangUp();
    return {
      keys: keys * rounds.length,
      echoP95Ms: rounded(median(rounds)),
      floodMb: floodBytes / MB,
      floodGrowthMb: rounded(growth / MB),
    };
  } finally {
    await proxy.stop();
  }
}

export const benchTerminal: Bench = async ({ isQuick, say }) => {
  const started = performance.now();
  const ends = new StopStack({ clock: systemClock, log: silentLogger });
  try {
    const house = await terminalHouse((end) => ends.add('part', async () => void (await end())));
    const figures = await measured(house, isQuick, say);
    return { name: 'bench terminal', figures, durationMs: performance.now() - started };
  } finally {
    await ends.stop(5_000);
  }
};
