// The gate gives a secret only where the binding of its login says so, and says what a person has to do.
import { expect, test } from 'vitest';
import { DeviceId, newId } from '#shared/base/id.ts';
import { fail, succeed } from '#shared/base/outcome.ts';
import type { CredentialBinding } from '#shared/model/credential.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { HostKeyPin } from '#shared/model/may-offer.ts';
import { CredentialGate } from './credential-gate.ts';
import type { Credential } from './credentials.ts';

const entry: RosterEntry = {
  device: DeviceId.parse(newId(0)),
  name: 'web-1',
  transport: 'ssh',
  address: 'web-1.example.net',
  credential: 'lan',
  intervalMs: 10_000,
};
const LAN: CredentialBinding = { purpose: 'monitor', ranges: ['10.0.0.0/8'], weakest: 'password' };
const login = (name: string, binding?: CredentialBinding): Credential => ({
  name,
  user: 'ops',
  password: `secret of ${name}`,
  key: undefined,
  binding,
  version: '1',
});

function setUp(logins: readonly Credential[], pin: HostKeyPin = { by: 'nobody' }) {
  const known = new Map(logins.map((one) => [one.name, one]));
  return new CredentialGate({
    clock: { now: () => 1_000 },
    credentials: {
      get: (name) => {
        const one = known.get(name);
        return one === undefined ? fail('credential-missing', name) : succeed(one);
      },
      list: () => [...known.keys()],
    },
    pins: { hostKeyPin: () => pin },
    site: () => ({ networks: [], isFirstUseAllowed: true }),
  });
}

test('the address that answers decides, whatever name the roster gives', () => {
  const gate = setUp([login('lan', LAN)]);
  expect(gate.pick(entry, 'monitor')).toMatchObject({ ok: true, value: { name: 'lan', serves: ['monitor'] } });
  const inside = gate.offer(entry, { purpose: 'monitor', address: '10.0.0.5' });
  expect(inside).toMatchObject({ ok: true, value: { credential: { password: 'secret of lan' } } });
  const outside = gate.offer(entry, { purpose: 'monitor', address: '192.0.2.9' });
  expect(outside).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
  expect(outside.ok ? '' : outside.detail).toMatch(/192\.0\.2\.9 is in none of the ranges .* rmm device accept web-1/);
  expect(JSON.stringify(outside)).not.toContain('secret');
  expect(gate.offer(entry, { purpose: 'monitor', address: undefined }).ok).toBe(false);
});

test('an order never gets a login for monitoring: another that is bound to orders, or none', () => {
  const alone = setUp([login('lan', LAN), login('free')]);
  expect(alone.pick(entry, 'act')).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
  const gate = setUp([login('free'), login('lan', LAN), login('lan-act', { ...LAN, purpose: 'act' })]);
  expect(gate.pick(entry, 'act')).toMatchObject({ ok: true, value: { name: 'lan-act', serves: ['act'] } });
  const offered = gate.offer(entry, { purpose: 'act', address: '10.0.0.5' });
  expect(offered).toMatchObject({ ok: true, value: { credential: { name: 'lan-act' } } });
  expect(gate.offer(entry, { purpose: 'act', address: '192.0.2.9' }).ok).toBe(false);
});

test('polls never get a login for orders, though the roster names it', () => {
  const gate = setUp([login('lan', { ...LAN, purpose: 'act' }), login('other', LAN)]);
  const picked = gate.pick(entry, 'monitor');
  expect(picked).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
  expect(picked.ok ? '' : picked.detail).toMatch(/for orders only/);
});

test('a login without a binding serves both; its password goes only to a machine a signer named', () => {
  const ask = { purpose: 'monitor', address: '10.0.0.5' } as const;
  expect(setUp([login('lan')]).pick(entry, 'act')).toMatchObject({ ok: true, value: { serves: ['monitor', 'act'] } });
  expect(setUp([login('lan')]).offer(entry, ask)).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
  expect(setUp([login('lan')], { by: 'first-use', key: 'SHA256:a' }).offer(entry, ask).ok).toBe(false);
  const signed = setUp([login('lan')], { by: 'signer', key: 'SHA256:a' }).offer(entry, ask);
  expect(signed).toMatchObject({ ok: true, value: { hostKey: 'SHA256:a' } });
});

test('what is wrong wherever the device is, is said before a packet leaves', () => {
  for (const binding of [{ notAfter: 1_000 }, { transports: ['local' as const] }, { weakest: 'key' as const }])
    expect(setUp([login('lan', { ...LAN, ...binding })]).pick(entry, 'monitor')).toMatchObject({
      ok: false,
      reason: 'credential-not-allowed',
    });
  const { credential: _none, ...bare } = entry;
  expect(setUp([]).pick(bare, 'monitor')).toMatchObject({ ok: false, reason: 'credential-missing' });
  expect(setUp([]).pick(entry, 'monitor')).toMatchObject({ ok: false, reason: 'credential-missing' });
});

test('a device that takes what waits beside the current login gets it, another one does not', () => {
  const other = DeviceId.parse(newId(1));
  const spare: Credential = { ...login('lan', LAN), password: 'changed', version: '2', isSpare: true };
  const gate = new CredentialGate({
    clock: { now: () => 1_000 },
    credentials: { get: () => succeed(login('lan', LAN)), spare: () => spare, list: () => ['lan'] },
    pins: { hostKeyPin: () => ({ by: 'nobody' }) },
    site: () => ({ networks: [], isFirstUseAllowed: true }),
    prefersSpare: (_login, _spare, { device }) => device === entry.device,
  });
  const ask = { purpose: 'monitor', address: '10.0.0.5' } as const;
  expect(gate.pick(entry, 'monitor')).toMatchObject({ ok: true, value: { version: '2', isSpare: true } });
  expect(gate.offer(entry, ask)).toMatchObject({ ok: true, value: { credential: { password: 'changed' } } });
  const old = { value: { credential: { password: 'secret of lan' } } };
  expect(gate.offer({ ...entry, device: other }, ask)).toMatchObject(old);
  expect(gate.offer(entry, { ...ask, address: '192.0.2.9' })).toMatchObject({ ok: false });
});

test('a ticket for a service of another name goes where ranges or networks name the place, and nowhere else', () => {
  const free: CredentialBinding = { purpose: 'monitor', weakest: 'password' };
  const gate = setUp([login('lan', free)]);
  const winrm: RosterEntry = { ...entry, transport: 'winrm', address: 'fs01.example.net' };
  const asked = { purpose: 'monitor', address: '192.0.2.9', proof: 'kerberos' } as const;
  expect(gate.offer(winrm, asked).ok).toBe(true);
  expect(gate.offer({ ...winrm, spn: 'HTTP/FS01.example.net' }, asked).ok).toBe(true);
  expect(gate.offer({ ...winrm, spn: 'HTTP/dc01.example.net' }, asked)).toMatchObject({
    ok: false,
    reason: 'credential-not-allowed',
  });
  const bound = setUp([login('lan', { ...free, ranges: ['192.0.2.0/24'] })]);
  expect(bound.offer({ ...winrm, spn: 'HTTP/dc01.example.net' }, asked).ok).toBe(true);
});
