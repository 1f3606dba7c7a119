// Kerberos all the way: our client's tickets of a real directory, accepted by a library nobody of ours wrote, behind the fake Windows host.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { allInstances } from '#relay/transport/cim.ts';
import { KerberosLogins } from '#relay/transport/kerberos/kerberos-logins.ts';
import { systemClock } from '#shared/base/clock.ts';
import { type KdcPeer, startKdc } from '#test/peers/kdc.ts';
import { HostKerberos } from './host-kerberos.ts';
import type { HostMode } from './host-mode.ts';
import { winrmRig } from './winrm-rig.ts';

const SIGNAL = new AbortController().signal;
const PASSWORD = 'Secret-1 ü';
const QUERY = { from: 'Win32_Service', select: { Name: 'text' } } as const;
const LIMITS = { timeoutMs: 20_000, maxInstances: 1_000, maxBytes: 1_000_000 };

let kdc: KdcPeer;
beforeAll(async () => {
  kdc = await startKdc({ users: { alice: PASSWORD }, services: ['HTTP/fake.test'] });
});
afterAll(() => kdc.stop());

async function rig(scheme: 'http' | 'https', cbt: HostMode['cbt'], withNtlm = false) {
  const logins = new KerberosLogins({ clock: systemClock, configFile: kdc.configFile, stepMs: 20_000 });
  const host = new HostKerberos(kdc, kdc.keytab);
  onTestFinished(() => host.stop());
  const newContext = (channelBinding: Parameters<typeof logins.newContext>[0]['channelBinding'], signal: AbortSignal) =>
    logins.newContext(
      { principal: 'alice@RMM.TEST', service: 'HTTP/fake.test', password: PASSWORD, channelBinding },
      signal,
    );
  return winrmRig({
    scheme,
    kerberos: host.accept,
    mode: { refusesNtlm: true, cbt },
    ...(withNtlm ? {} : { newContext }),
  });
}

test.each([
  ['http', 'relaxed'],
  ['https', 'strict'],
] as const)('questions over %s are answered with NTLM forbidden, channel binding %s', async (scheme, cbt) => {
  const { client, windows } = await rig(scheme, cbt);
  const services = await allInstances(client.cim, QUERY, LIMITS, SIGNAL);
  expect(services.ok && services.value.length).toBe(20);
  const ran = await client.run({ script: "Write-Output 'x'", timeoutMs: 20_000, maxOutputBytes: 100 }, SIGNAL);
  expect(ran.ok && Buffer.from(ran.value.stdout).toString()).toBe('x\r\n');
  expect(windows.host.counts.plaintextRefused).toBe(0);
  expect(windows.host.counts.refusals).toEqual({});
});

test('NTLM is refused where it is forbidden', async () => {
  const { client, windows } = await rig('http', 'relaxed', true);
  expect(await allInstances(client.cim, QUERY, LIMITS, SIGNAL)).toMatchObject({ ok: false });
  expect(windows.host.counts.logins).toBe(0);
});
