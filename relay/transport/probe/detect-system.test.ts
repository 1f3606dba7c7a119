// What open ports and first words say of a machine, as a table.
import { expect, test } from 'vitest';
import type { ProbedPort } from '#shared/model/probe.ts';
import { detectSystem, suggestTransport } from './detect-system.ts';

const open = (port: number, greeting?: string): ProbedPort =>
  greeting === undefined ? { port, state: 'open' } : { port, state: 'open', greeting };
const refused = (port: number): ProbedPort => ({ port, state: 'refused' });

test.each<[string, ProbedPort[], string]>([
  ['nothing', [], 'unknown'],
  ['a Debian', [open(22, 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3')], 'linux'],
  ['an Ubuntu', [open(22, 'SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5')], 'linux'],
  ['a Raspbian', [open(22, 'SSH-2.0-OpenSSH_8.4p1 Raspbian-5+deb11u3')], 'linux'],
  ['a router with dropbear', [open(22, 'SSH-2.0-dropbear_2022.83')], 'linux'],
  ['a FreeBSD', [open(22, 'SSH-2.0-OpenSSH_9.6 FreeBSD-20240701')], 'freebsd'],
  ['a Windows with SSH', [open(22, 'SSH-2.0-OpenSSH_for_Windows_9.5')], 'windows'],
  ['an sshd that says no more, as of macOS or Enterprise Linux', [open(22, 'SSH-2.0-OpenSSH_9.6')], 'unknown'],
  ['a Linux with Samba', [open(22, 'SSH-2.0-OpenSSH_9.2p1 Debian-2'), open(139), open(445)], 'linux'],
  ['Samba alone', [open(139), open(445)], 'unknown'],
  ['a desktop behind RDP alone', [open(3389)], 'unknown'],
  ['a Windows', [open(135), open(139), open(445)], 'windows'],
  ['a Windows server', [open(135), open(445), open(3389), open(5985)], 'windows'],
  ['a Windows that shows WinRM and files', [open(445), open(5985)], 'windows'],
  ['WinRM in TLS', [open(5986)], 'windows'],
  ['Windows ports that refuse', [refused(135), refused(445), refused(5986)], 'unknown'],
  ['an sshd on another port', [refused(22), open(2222, 'SSH-2.0-OpenSSH_9.2p1 Debian-2')], 'linux'],
  ['a mail server that names a Debian', [open(25, '220 mail ESMTP Debian')], 'unknown'],
])('%s', (_what, ports, system) => {
  expect(detectSystem(ports)).toBe(system);
});

test('SSH is suggested where something speaks it, on the asked port first', () => {
  const ssh = 'SSH-2.0-OpenSSH_9.6';
  expect(suggestTransport([open(22, ssh), open(2222, ssh)], 'unknown', 2222)).toEqual({
    suggestedTransport: 'ssh',
    suggestedPort: 2222,
  });
  expect(suggestTransport([open(22, ssh), open(2222, ssh)], 'linux')).toEqual({
    suggestedTransport: 'ssh',
    suggestedPort: 22,
  });
  expect(suggestTransport([open(22, ssh), open(8080, 'hello')], 'linux', 8080)).toEqual({
    suggestedTransport: 'ssh',
    suggestedPort: 22,
  });
});

test('a Windows is met over WinRM, on whichever port is right, where one of them is open', () => {
  expect(suggestTransport([open(135), open(445), open(5985)], 'windows')).toEqual({ suggestedTransport: 'winrm' });
  expect(suggestTransport([open(5986)], 'windows', 5986)).toEqual({ suggestedTransport: 'winrm' });
  expect(suggestTransport([open(135), open(445), refused(5985)], 'windows')).toEqual({});
});

test('a Windows that answers SSH alone is met over that', () => {
  const windows = open(22, 'SSH-2.0-OpenSSH_for_Windows_9.5');
  expect(suggestTransport([windows, open(445)], 'windows')).toEqual({ suggestedTransport: 'ssh', suggestedPort: 22 });
  expect(suggestTransport([windows, open(5986)], 'windows')).toEqual({ suggestedTransport: 'winrm' });
});

test('nothing is suggested for a port that only happens to be open', () => {
  expect(suggestTransport([open(22)], 'unknown')).toEqual({});
  expect(suggestTransport([open(80), refused(22)], 'unknown')).toEqual({});
});
