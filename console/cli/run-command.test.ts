// Proves how the words of `rmm run` are split into devices and command, and that outcomes are shown inert.
import { expect, test } from 'vitest';
import { ActionOutcome } from '#shared/contract/action-contract.ts';
import { outcomeText } from './give-order.ts';
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
  expect(() => splitWords(['srv-1', '--reason', 'x', '--', 'true'], false)).toThrow(/options stand before/);
});

test('nothing a device says moves the cursor, in its output or in why it failed', () => {
  const outcome = ActionOutcome.parse({
    deviceId: '01890000-0000-7000-8000-000000000001',
    deviceName: 'srv',
    state: 'failed',
    at: 1,
    startedAt: 1,
    finishedAt: 1,
    exitCode: 1,
    signal: null,
    reason: null,
    detail: 'gone\u001b[2J\nfake prompt',
    isTruncated: false,
    stdout: '\u001b]0;title\u0007ok',
    stderr: '',
    attempts: [],
  });
  const text = outcomeText([outcome]);
  expect(text).not.toContain('\u001b');
  expect(text).not.toContain('\u0007');
  expect(text.split('\n')).toHaveLength(2);
});
