// What each kind of system prints about itself becomes facts; half an answer becomes nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { parseDeviceFacts } from './host-identity.ts';
import { identityScript } from './host-identity-script.ts';
import { newNonce } from './script-wrap.ts';

const nonce = newNonce(seededBytes(2));
const answer = (lines: string[]) => [`${nonce} begin 1`, ...lines, `${nonce} end`, ''].join('\n');
const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['mksh']].filter(
  ([shell = '']) => spawnSync(shell, ['-c', ':']).error === undefined,
);

test.each(SHELLS)('%s: the script tells this machine apart with the marks it really has', (...shell) => {
  const [file = '', ...args] = shell;
  const ran = spawnSync(file, [...args, '-s'], { input: identityScript(nonce), encoding: 'utf8' });
  expect(ran.stderr).toBe('');
  const facts = parseDeviceFacts(ran.stdout, nonce);
  expect(facts?.system).toBe('linux');
  expect(facts?.hostname).toBe(readFileSync('/proc/sys/kernel/hostname', 'utf8').trim());
  if (existsSync('/etc/machine-id'))
    expect(facts?.identity.machineId).toBe(readFileSync('/etc/machine-id', 'utf8').trim() || undefined);
  expect(facts?.hasSetsid).toBe(true);
});

test('a Linux server with a bond, an unreadable UUID and a junk serial', () => {
  const facts = parseDeviceFacts(
    answer([
      'system Linux',
      'hostname db-2',
      'serial To Be Filled By O.E.M.',
      'board-serial PF3ABC12',
      'machine-id 3D1219C7C4C5404AAA1F6D2A48ADFDA4',
      'mac 52:54:00:ab:cd:02',
      'mac 52:54:00:AB:CD:01',
      'leader 1',
      'setsid 1',
    ]),
    nonce,
    'SHA256:key',
  );
  expect(facts).toEqual({
    identity: {
      macs: ['52:54:00:ab:cd:01', '52:54:00:ab:cd:02'],
      serial: 'pf3abc12',
      machineId: '3d1219c7c4c5404aaa1f6d2a48adfda4',
      hostKey: 'SHA256:key',
    },
    system: 'linux',
    hostname: 'db-2',
    isGroupLeader: true,
    hasSetsid: true,
  });
});

test('a FreeBSD answer', () => {
  const facts = parseDeviceFacts(
    answer([
      'system FreeBSD',
      'hostname fw-1.example.org',
      'smbios-uuid 4c4c4544-0042-3510-8056-b4c04f4d4e32',
      'serial 4B5VMN2',
      'machine-id 4c4c4544-0042-3510-8056-b4c04f4d4e32',
      'mac 00:0c:29:1a:2b:3c',
      'leader 1',
      'setsid 0',
    ]),
    nonce,
  );
  expect(facts).toMatchObject({
    system: 'freebsd',
    identity: { smbiosUuid: '4c4c4544-0042-3510-8056-b4c04f4d4e32', serial: '4b5vmn2', macs: ['00:0c:29:1a:2b:3c'] },
    hasSetsid: false,
  });
});

test('a macOS answer', () => {
  const facts = parseDeviceFacts(
    answer([
      'system Darwin',
      'hostname studio.local',
      'smbios-uuid 5D2C1F6E-8A3B-5C4D-9E0F-1A2B3C4D5E6F',
      'serial C02XK0AAJG5H',
      'mac a4:83:e7:12:34:56',
    ]),
    nonce,
  );
  expect(facts).toMatchObject({
    system: 'macos',
    identity: { smbiosUuid: '5d2c1f6e-8a3b-5c4d-9e0f-1a2b3c4d5e6f', serial: 'c02xk0aajg5h' },
  });
});

test('another system is unknown and still has a name', () => {
  expect(parseDeviceFacts(answer(['system SunOS', 'hostname sol']), nonce)).toMatchObject({
    system: 'unknown',
    hostname: 'sol',
    identity: { macs: [] },
  });
});

test('carriage returns, noise around it and bytes that are no text do no harm', () => {
  const text = `motd\r\n${answer(['system Linux', 'hostname a\u001b[31mb\ufffd', 'serial \u0007bell', 'mac not-a-mac']).replaceAll('\n', '\r\n')}`;
  expect(parseDeviceFacts(text, nonce)).toMatchObject({ system: 'linux', hostname: 'a [31mb', identity: { macs: [] } });
});

test.each([
  ['no end', `${nonce} begin 1\nsystem Linux\n`],
  ['no begin', `system Linux\n${nonce} end\n`],
  ['end before begin', `${nonce} end\n${nonce} begin 1\n`],
  ['another nonce', 'rmm-00 begin 1\nsystem Linux\nrmm-00 end\n'],
  ['nothing', ''],
])('an incomplete answer counts for nothing: %s', (_case, text) => {
  expect(parseDeviceFacts(text, nonce)).toBeUndefined();
});

test('a thousand addresses are cut to what an identity holds', () => {
  const macs = Array.from(
    { length: 1_000 },
    (_, i) => `mac 52:54:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`,
  );
  expect(parseDeviceFacts(answer(macs), nonce)?.identity.macs).toHaveLength(32);
});
