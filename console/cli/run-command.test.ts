// Proves how the words of `rmm run` are split into devices and command.
import { expect, test } from 'vitest';
import { splitWords } from './run-command.ts';

test.each([
  [['srv-1', '--', 'uptime', '-p'], false, ['srv-1'], 'uptime -p'],
  [['a', 'b', '--', 'true'], false, ['a', 'b'], 'true'],
  [['srv-1', 'uptime'], false, ['srv-1'], 'uptime'],
  [['--', 'true'], true, [], 'true'],
  [['true'], true, [], 'true'],
])('%j (site: %s) runs on %j', (words, hasSite, devices, command) => {
  expect(splitWords(words, hasSite)).toEqual({ devices, command });
});

test('no command and no device are errors that say how', () => {
  expect(() => splitWords(['srv-1'], false)).toThrow(/no command/);
  expect(() => splitWords(['--', 'true'], false)).toThrow(/no device/);
});
