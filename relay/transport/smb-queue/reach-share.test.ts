// Devices behind file queues that are switched off keep nobody else waiting.
import { setMaxListeners } from 'node:events';
import { expect, test } from 'vitest';
import { CredentialBreaker } from '#relay/transport/credential-breaker.ts';
import type { Credential } from '#relay/transport/credentials.ts';
import { HandshakeGate } from '#relay/transport/handshake-gate.ts';
import { smbFailure } from '#relay/transport/smb/smb-fault.ts';
import { succeed } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { type ReachDeps, reachShare } from './reach-share.ts';

const random = seededBytes(1);

/** Connecting ends with the signal and never before. */
const silent: ReachDeps['connect'] = (_target, _login, _deps, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(smbFailure('cancelled', 'stopped')), { once: true });
  });

const loginOf = (n: number): Credential => ({
  ...{ name: `login-${n}`, user: 'EXAMPLE\\svc', password: 'p', version: '1' },
  ...{ key: undefined, binding: undefined },
});

test('forty machines that answer nothing leave a handshake to a machine that does', async () => {
  const clock = new FakeClock();
  const gate = new HandshakeGate({ clock, random });
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const reaching = Array.from({ length: 40 }, (_, n) => {
    const offered = { credential: loginOf(n), hostKey: undefined, allows: { key: false, password: true } };
    const entry: RosterEntry = {
      ...{ device: sampleDevice(n + 1), name: `pc-${n}`, transport: 'smb', address: '10.0.0.9', intervalMs: 60_000 },
    };
    const logins = { offer: () => succeed(offered) };
    const deps = { clock, random, gate, logins, breaker: new CredentialBreaker(clock), connect: silent };
    return reachShare(entry, 'monitor', deps, stop.signal);
  });
  await clock.advance(1_000);
  const place = gate.handshake('linux-1', stop.signal);
  await clock.advance(1_000);
  stop.abort();
  expect(await place).toMatchObject({ ok: true });
  await Promise.all(reaching);
});
