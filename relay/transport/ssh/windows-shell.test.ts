// Which servers are taken for Windows, and what their PowerShell is given.
import { expect, test } from 'vitest';
import { powershellFaults } from '#test/fixtures/powershell-shape.ts';
import { isWindowsGreeting, WINDOWS_SHELL } from './windows-shell.ts';

test.each([
  ['SSH-2.0-OpenSSH_for_Windows_9.5\r\n', true],
  ['a notice\r\nSSH-2.0-OpenSSH_for_Windows_8.1\r\n', true],
  ['SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', false],
  ['SSH-2.0-OpenSSH_9.2p1 SSH-2.0-OpenSSH_for_Windows_9.5\r\n', false],
  ['', false],
])('%j', (greeting, isWindows) => {
  expect(isWindowsGreeting(greeting)).toBe(isWindows);
});

test('the number of its process is told on both outputs before the script, and values stand in no script block', () => {
  const text = WINDOWS_SHELL.script?.wrap('body', 'rmm-0', new Map([['TOKEN', 'value']])) ?? '';
  const [, block = ''] = text.split(/\n(.*)/s);
  expect(block.match(/rmm-0 \$PID/g)).toHaveLength(2);
  expect(block.lastIndexOf('$PID')).toBeLessThan(block.indexOf('body'));
  expect(block).not.toContain(Buffer.from('value').toString('base64'));
});

test('a run is ended with what it started, by a script that is closed', () => {
  const text = WINDOWS_SHELL.killText(4711);
  expect(text).toContain('/PID 4711 /T /F');
  expect(powershellFaults(`${text}\n`)).toEqual([]);
});
