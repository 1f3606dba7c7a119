// The connection by Kerberos against the fake host: sealed over HTTP where NTLM is never tried, bound to the channel over HTTPS.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Verdict } from '#relay/transport/credential-breaker.ts';
import { KerberosLogins } from '#relay/transport/kerberos/kerberos-logins.ts';
import { systemClock } from '#shared/base/clock.ts';
import { type KdcPeer, startKdc } from '#test/peers/kdc.ts';
import { KerberosAcceptor } from '#test/peers/windows-host/kerberos-acceptor.ts';
import { startWindowsHost, type WindowsHost } from '#test/peers/windows-host/windows-host.ts';
import { openWsmanConnection } from './wsman-connection.ts';

const SIGNAL = new AbortController().signal;
const ASK = { timeoutMs: 20_000, isRepeatable: true };
const IDENTIFY =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>';

let kdc: KdcPeer;
beforeAll(async () => {
  kdc = await startKdc({ users: { monitor: 'Secret-1' }, services: ['HTTP/srv1.test'] });
});
afterAll(() => kdc.stop());

async function windows(binding?: () => Uint8Array | undefined): Promise<WindowsHost> {
  const { configFile, keytab } = kdc;
  const kerberos = () => new KerberosAcceptor({ configFile, keytab, channelBinding: binding?.() });
  const host = await startWindowsHost({ kerberos });
  onTestFinished(() => host.stop());
  return host;
}

function connect(host: WindowsHost, scheme: 'http' | 'https', password = 'Secret-1') {
  const logins = new KerberosLogins({ clock: systemClock, configFile: kdc.configFile, stepMs: 20_000 });
  const verdicts: Verdict[] = [];
  const port = scheme === 'http' ? host.port : host.tlsPort;
  const login = { principal: 'monitor@RMM.TEST', service: 'HTTP/srv1.test', password };
  const connection = openWsmanConnection(
    { name: 'srv1', host: 'srv1.test', address: host.address, port, scheme },
    {
      newContext: (channelBinding, signal) => logins.newContext({ ...login, channelBinding }, signal),
      onCertificate: () => undefined,
      onVerdict: (verdict) => verdicts.push(verdict),
    },
    { clock: systemClock, connectMs: 20_000, loginMs: 20_000 },
  );
  onTestFinished(() => connection.close());
  return { connection, verdicts };
}

test('over HTTP one login by Kerberos serves many sealed requests, and NTLM is not there', async () => {
  const host = await windows();
  const { connection, verdicts } = connect(host, 'http');
  for (let round = 0; round < 4; round += 1) {
    const reply = await connection.post(IDENTIFY, { ...ASK, isRepeatable: round % 2 === 0 }, SIGNAL);
    expect(reply).toMatchObject({ ok: true, value: { status: 200 } });
    expect(reply.ok && reply.value.body).toContain('IdentifyResponse');
  }
  expect(connection.logins).toBe(1);
  expect(verdicts).toEqual(['accepted']);
  expect(host.host.counts.plaintextRefused).toBe(0);
});

test('over HTTPS the login is bound to the certificate', async () => {
  let expected: Uint8Array | undefined;
  const host = await windows(() => expected);
  expected = host.certificate.binding.applicationData;
  expect(await connect(host, 'https').connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: true });
  expected = Buffer.from('tls-server-end-point:of another');
  const { connection, verdicts } = connect(host, 'https');
  expect(await connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: false, reason: 'denied' });
  expect(verdicts).toEqual(['denied']);
});

test('a bit that turns over ends the connection, a wrong password reaches no host', async () => {
  const host = await windows();
  const { connection } = connect(host, 'http');
  await connection.post(IDENTIFY, ASK, SIGNAL);
  host.host.set({ flipBit: 'data' });
  expect(await connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: false, reason: 'malformed' });
  const before = host.host.counts.logins;
  const wrong = connect(host, 'http', 'wrong');
  expect(await wrong.connection.post(IDENTIFY, ASK, SIGNAL)).toMatchObject({ ok: false, reason: 'denied' });
  expect(host.host.counts.logins).toBe(before);
});

test('an idle connection that the host closed is logged in again quietly', async () => {
  const host = await windows();
  const { connection } = connect(host, 'http');
  await connection.post(IDENTIFY, ASK, SIGNAL);
  host.host.cut();
  await systemClock.sleep(20);
  expect(await connection.post(IDENTIFY, { ...ASK, isRepeatable: false }, SIGNAL)).toMatchObject({ ok: true });
  expect(connection.logins).toBe(2);
});
