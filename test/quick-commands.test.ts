// No command is forgotten: what has limits has a quick form that `npm test` runs, and the other way round.
import { expect, test } from 'vitest';
import { LIMITS } from './limits.ts';
import { QUICK_COMMANDS } from './quick-commands.ts';

/** Judged by a test of its own, test/web/sizes.peer.test.ts: a build has no shorter form. */
const JUDGED_BY_A_TEST = ['web sizes'];

/** Compares with peers, or carries gigabytes, for minutes: beside other suites it would measure the crowd. */
const BY_HAND = ['bench ratio', 'bench tunnel', 'bench files'];

/** Minutes of sites whose time is fast, or of mails that are timed: beside other suites they would measure those. */
const OF_WHOLE_SITES = ['e2e latency', 'e2e noise', 'e2e outage', 'e2e thresholds'];

test('each command with limits is run by npm test in its quick form', () => {
  const run = [...QUICK_COMMANDS.map((command) => command.name), ...JUDGED_BY_A_TEST, ...BY_HAND, ...OF_WHOLE_SITES];
  expect(new Set(run)).toEqual(new Set(Object.keys(LIMITS)));
});

test('each quick command says so on its command line', () => {
  for (const { argv } of QUICK_COMMANDS) expect(argv).toContain('--quick');
});
