// `npm run chaos -- selfcheck`: plants five bugs, one after the other, and must catch each; without a bug it must find nothing.
import { systemClock } from '#shared/base/clock.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Chaos, ChaosOptions } from './chaos.ts';
import { powerLoss } from './power-loss.ts';
import { rerunStarted } from './rerun-bug.ts';
import { ackBeforeCommit, type BugOptions, type Found, noCrc, noDedup } from './stream-bugs.ts';

type Check = (options: BugOptions & { isQuick: boolean }) => Promise<Found>;

/** States a power cut leaves: enough that NORMAL loses something in every run, whatever the seed. */
const CUTS = { full: 1_000, quick: 40 };
const COMMITS = { full: 400, quick: 60 };

const synchronousNormal: Check = async ({ isPlanted, isQuick, ...options }) => {
  const size = isQuick ? 'quick' : 'full';
  const { lossy } = await powerLoss({
    ...options,
    synchronous: isPlanted ? 'NORMAL' : 'FULL',
    commits: COMMITS[size],
    cuts: CUTS[size],
  });
  return lossy;
};

const BUGS: Readonly<Record<string, Check>> = {
  'ack before commit': ackBeforeCommit,
  'no dedup': noDedup,
  'synchronous NORMAL': synchronousNormal,
  'no CRC': noCrc,
  'a started command runs again': rerunStarted,
};

export const selfcheck: Chaos = async ({ isQuick, seed, say }: ChaosOptions) => {
  const startedAt = systemClock.monotonic();
  await using folder = makeTempFolder('rmm-selfcheck');
  const figures = { bugs: 0, caught: 0, falseAlarms: 0 };
  for (const [name, check] of Object.entries(BUGS)) {
    const options = { folder: folder.path, seed, isQuick };
    const without = await check({ ...options, isPlanted: false });
    const found = await check({ ...options, isPlanted: true });
    figures.bugs += 1;
    if (found > 0) figures.caught += 1;
    if (without > 0) figures.falseAlarms += 1;
    say(`${name}: ${found > 0 ? 'caught' : 'NOT caught'} (${found} wrong with it, ${without} without)`);
  }
  say(`caught ${figures.caught}/${figures.bugs}`);
  return { name: 'chaos selfcheck', figures, durationMs: systemClock.monotonic() - startedAt, details: { seed } };
};
