// In which order a machine is met over WinRM, and when Kerberos is possible.
import { expect, test } from 'vitest';
import type { RosterEntry } from '#shared/model/device.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { kerberosNames, realmAdvice } from './kerberos-name.ts';
import { maySshFollow, waysOver, withSsh } from './winrm-ways.ts';

const words = (port: number | undefined, hasKerberos: boolean) =>
  waysOver(port, hasKerberos).map((way) => `${way.port} ${way.isTls ? 'tls' : 'sealed'} ${way.auth}`);

test.each<[string, number | undefined, boolean, string[]]>([
  ['nothing asked', undefined, false, ['5986 tls ntlm', '5985 sealed ntlm']],
  [
    'a realm is known',
    undefined,
    true,
    ['5986 tls kerberos', '5986 tls ntlm', '5985 sealed kerberos', '5985 sealed ntlm'],
  ],
  ['5986 means TLS', 5986, false, ['5986 tls ntlm']],
  ['5985 means HTTP', 5985, true, ['5985 sealed kerberos', '5985 sealed ntlm']],
  ['any other is met in TLS first', 8443, false, ['8443 tls ntlm', '8443 sealed ntlm']],
])('%s', (_what, port, hasKerberos, expected) => {
  expect(words(port, hasKerberos)).toEqual(expected);
});

test('SSH stands before NTLM in the clear, and last for a device that was reached by that', () => {
  const order = waysOver(undefined, true);
  const names = (steps: ReturnType<typeof withSsh>) =>
    steps.map((step) => (step === 'ssh' ? step : `${step.isTls ? 'tls' : 'sealed'} ${step.auth}`));
  expect(names(withSsh(order, undefined)).slice(-3)).toEqual(['sealed kerberos', 'ssh', 'sealed ntlm']);
  const floor = { transport: 'winrm', port: 5985, auth: 'ntlm', seal: 'sealed' } as const;
  expect(names(withSsh(order, floor)).slice(-2)).toEqual(['sealed ntlm', 'ssh']);
});

test.each([
  ['nothing yet', undefined, true],
  ['NTLM in the clear', { transport: 'winrm', auth: 'ntlm', seal: 'sealed' } as const, true],
  ['SSH', { transport: 'ssh', auth: 'key', seal: 'ssh' } as const, true],
  ['Kerberos', { transport: 'winrm', auth: 'kerberos', seal: 'sealed' } as const, false],
  ['TLS', { transport: 'winrm', auth: 'ntlm', seal: 'tls' } as const, false],
  ['a key that a signer named', { transport: 'winrm', auth: 'none', seal: 'tls' } as const, false],
])('whether SSH may follow once a device was reached by %s', (_, floor, may) => {
  expect(maySshFollow(floor)).toBe(may);
});

const entry = (more: Partial<RosterEntry> = {}): RosterEntry => ({
  device: sampleDevice(1),
  name: 'fs01',
  transport: 'winrm',
  address: 'fs01.example.test',
  intervalMs: 60_000,
  ...more,
});
const HOST = 'HTTP/fs01.example.test';

test.each<[string, Partial<RosterEntry>, string | undefined]>([
  ['monitor@example.test', {}, `monitor@EXAMPLE.TEST ${HOST}`],
  ['monitor@example.test', { realm: 'OTHER.TEST' }, `monitor@EXAMPLE.TEST ${HOST}`],
  ['EXAMPLE\\monitor', { realm: 'EXAMPLE.TEST' }, `monitor@EXAMPLE.TEST ${HOST}`],
  ['monitor', { realm: 'EXAMPLE.TEST' }, `monitor@EXAMPLE.TEST ${HOST}`],
  ['EXAMPLE\\monitor', {}, undefined],
  ['monitor', {}, undefined],
  ['.\\monitor', { realm: 'EXAMPLE.TEST' }, undefined],
  ['monitor@example.test', { address: '10.0.0.5' }, undefined],
  ['monitor@example.test', { address: '10.0.0.5', spn: HOST }, `monitor@EXAMPLE.TEST ${HOST}`],
])('login %j with %j asks Kerberos for %j', (user, more, expected) => {
  const names = kerberosNames(user, entry(more), ['EXAMPLE.TEST', 'OTHER.TEST']);
  expect(names && `${names.principal} ${names.service}`).toBe(expected);
});

test('a realm that only the roster names is asked for nothing, and the advice says where to name it', () => {
  const named = entry({ realm: 'ATTACKER.TEST' });
  for (const user of ['monitor', 'EXAMPLE\\monitor']) {
    expect(kerberosNames(user, named)).toBeUndefined();
    expect(kerberosNames(user, named, ['EXAMPLE.TEST'])).toBeUndefined();
    expect(realmAdvice(user, named, ['EXAMPLE.TEST'])).toMatch(/ATTACKER\.TEST is not asked.*kerberos\.realms/);
  }
  expect(kerberosNames('monitor@example.test', named)?.principal).toBe('monitor@EXAMPLE.TEST');
});

test.each<[string, Partial<RosterEntry>, string[]]>([
  ['monitor', {}, []],
  ['monitor', { realm: 'EXAMPLE.TEST' }, ['EXAMPLE.TEST']],
  ['monitor@example.test', { realm: 'OTHER.TEST' }, []],
  ['.\\monitor', { realm: 'EXAMPLE.TEST' }, []],
])('login %j with %j and leave for %j needs no advice', (user, more, realms) => {
  expect(realmAdvice(user, entry(more), realms)).toBe('');
});
