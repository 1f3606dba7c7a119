// No command is forgotten: what has limits has a quick form that `npm test` runs, and the other way round.
import { expect, test } from 'vitest';
import { LIMITS } from './limits.ts';
import { QUICK_COMMANDS } from './quick-commands.ts';

test('each command with limits is run by npm test in its quick form', () => {
  expect(new Set(QUICK_COMMANDS.map((command) => command.name))).toEqual(new Set(Object.keys(LIMITS)));
});

test('each quick command says so on its command line', () => {
  for (const { argv } of QUICK_COMMANDS) expect(argv).toContain('--quick');
});
