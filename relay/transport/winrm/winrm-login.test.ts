// What one login on one connection takes and gives back, whatever goes wrong in between.
import { expect, test } from 'vitest';
import { CredentialBreaker } from '#relay/transport/credential-breaker.ts';
import type { Credential } from '#relay/transport/credentials.ts';
import { succeed } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { WinrmLogin } from './winrm-login.ts';

const { signal } = new AbortController();
const entry: RosterEntry = {
  ...{ device: sampleDevice(1), name: 'w-1', transport: 'winrm', address: 'w-1.example.test', intervalMs: 60_000 },
};
const credential: Credential = {
  ...{ name: 'main', user: 'monitor@EXAMPLE.TEST', password: 'right', version: '1' },
  ...{ key: undefined, binding: undefined },
};

test('leave to try is given back where a fault of ours ends the try: other devices wait for it', async () => {
  const clock = new FakeClock();
  const breaker = new CredentialBreaker(clock);
  const random = seededRandom(1);
  const login = new WinrmLogin(
    {
      ...{ clock, breaker },
      random: (into) => into.map(() => Math.floor(random() * 256)),
      pins: { get: () => undefined },
      logins: { offer: () => succeed({ credential, hostKey: undefined, allows: { key: false, password: true } }) },
      kerberos: { newContext: () => Promise.reject(new TypeError('a fault of ours')) },
    },
    { entry, purpose: 'monitor', way: { port: 5985, isTls: false, auth: 'kerberos' }, address: '10.0.0.1' },
  );
  await expect(login.newContext(undefined, signal)).rejects.toThrow('a fault of ours');
  const stop = new AbortController();
  const next = breaker.permit(credential, { device: sampleDevice(2), authority: 'domain' }, stop.signal);
  // Given at once, or never: then this is what ends the wait.
  setImmediate(() => stop.abort());
  expect(await next).toMatchObject({ ok: true });
});
