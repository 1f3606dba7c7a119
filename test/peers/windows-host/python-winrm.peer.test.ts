// The fake Windows host driven by Debian's python3-winrm: what is sealed or bound to its channel is served, and nothing else.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PythonJob, runPythonWinrm } from './python-winrm.ts';
import { startWindowsHost, type WindowsHost } from './windows-host.ts';

let host: WindowsHost;

beforeAll(async () => {
  host = await startWindowsHost();
});
afterAll(() => host.stop());

const run = (scheme: 'http' | 'https', change: Partial<PythonJob> = {}) =>
  runPythonWinrm({
    endpoint: `${scheme}://127.0.0.1:${scheme === 'http' ? host.port : host.tlsPort}/wsman`,
    transport: 'ntlm',
    user: host.user,
    password: host.password,
    encryption: 'auto',
    commands: [
      { command: 'cmd', arguments: ['/c', 'echo', 'grüße'] },
      { command: 'ipconfig', arguments: [] },
      { command: 'powershell', arguments: ['-NoProfile', '-Command', "Write-Output 'one'; exit 7"] },
      { command: 'powershell', arguments: ['-NoProfile', '-Command', "Write-Error 'no good'"] },
    ],
    ...change,
  });

test.each(['http', 'https'] as const)('cmd and PowerShell-shaped runs over %s, strictly bound', async (scheme) => {
  host.host.set({ cbt: 'strict' });
  const { runs, error, detail } = await run(scheme);
  expect({ error, detail }).toEqual({ error: undefined, detail: undefined });
  expect(runs[0]).toEqual({ stdout: 'grüße\r\n', stderr: '', code: 0 });
  expect(runs[1]?.stdout).toContain('IPv4 Address. . . . . . . . . . . : 127.0.0.1');
  expect(runs[2]).toEqual({ stdout: 'one\r\n', stderr: '', code: 7 });
  expect(runs[3]?.stderr).toMatch(/^#< CLIXML\r\n.*<S S="Error">no good_x000D__x000A_<\/S>/);
  expect(host.host.shells.size).toBe(0);
});

test('a body in the clear is refused over plain HTTP', async () => {
  const before = host.host.counts.plaintextRefused;
  const { runs, error } = await run('http', { encryption: 'never' });
  expect(runs).toEqual([]);
  expect(error).toBe('WinRMTransportError');
  expect(host.host.counts.plaintextRefused).toBe(before + 1);
});

test.each(['http', 'https'] as const)('Basic is refused over %s', async (scheme) => {
  const before = host.host.counts.basicRefused;
  const { runs, error } = await run(scheme, { transport: 'basic' });
  expect(runs).toEqual([]);
  expect(error).toBe('InvalidCredentialsError');
  expect(host.host.counts.basicRefused).toBe(before + 1);
});

test('a wrong password is refused, and counts', async () => {
  const { runs, error } = await run('http', { password: 'wrong' });
  expect(runs).toEqual([]);
  expect(error).toBe('InvalidCredentialsError');
  expect(host.host.accounts.badPasswords(host.user)).toBe(1);
});
