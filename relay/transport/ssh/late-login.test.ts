// What a hook gives is held to what the binding allows.
import { expect, test } from 'vitest';
import type { HookAsk, LoginHooks } from '#relay/transport/login-hooks.ts';
import { DeviceId, newId } from '#shared/base/id.ts';
import { succeed } from '#shared/base/outcome.ts';
import { newEd25519Pem } from '#test/peers/odd-sshd.ts';
import { LateLogin } from './late-login.ts';

const entry = {
  device: DeviceId.parse(newId(0)),
  name: 'web-1',
  transport: 'ssh',
  address: '10.0.0.5',
  intervalMs: 1,
} as const;
const credential = {
  name: 'lan',
  user: '',
  password: undefined,
  key: undefined,
  binding: undefined,
  version: '1',
  hook: 'laps',
};
const at = { address: '10.0.0.7', hostKey: 'SHA256:x' };

/** Gives the same login to whoever asks, and keeps what it was asked. */
function lateLogin(login: { password?: string; privateKey?: string }) {
  const asked: HookAsk[] = [];
  const hooks: Pick<LoginHooks, 'fetch' | 'forget'> = {
    fetch: async (ask) => {
      asked.push(ask);
      return succeed({ login: { user: 'admin', ...login }, isKept: false });
    },
    forget: () => undefined,
  };
  return { asked, late: new LateLogin({ hooks, entry, purpose: 'act' }) };
}

test('both secrets are used where both are allowed, and the hook hears of the address that answered', async () => {
  const { asked, late } = lateLogin({ password: 'tiger', privateKey: newEd25519Pem() });
  const got = await late.fetch({ credential, allows: { key: true, password: true } }, at);
  expect(got).toMatchObject({ ok: true, value: { user: 'admin', password: 'tiger', key: {} } });
  expect(asked).toMatchObject([
    { hook: 'laps', credential: 'lan', purpose: 'act', device: { id: entry.device, ...at } },
  ]);
});

test('a password is dropped where only keys are allowed, and one alone is no login then', async () => {
  const onlyKeys = { credential, allows: { key: true, password: false } };
  const both = await lateLogin({ password: 'tiger', privateKey: newEd25519Pem() }).late.fetch(onlyKeys, at);
  expect(both).toMatchObject({ ok: true, value: { password: undefined } });
  const alone = await lateLogin({ password: 'tiger' }).late.fetch(onlyKeys, at);
  expect(alone).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
});

test('a relay without hooks says so', async () => {
  const late = new LateLogin({ hooks: undefined, entry, purpose: 'monitor' });
  const got = await late.fetch({ credential, allows: { key: true, password: true } }, at);
  expect(got).toMatchObject({ ok: false, reason: 'credential-missing' });
});
