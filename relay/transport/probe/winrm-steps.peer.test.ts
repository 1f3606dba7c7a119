// What a look at a Windows host says, line by line, to somebody who offers no login.
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#shared/base/clock.ts';
import { startWindowsHost } from '#test/peers/windows-host/windows-host.ts';
import { lookAtWinrm } from './winrm-steps.ts';

async function look(port: number, scheme: 'http' | 'https'): Promise<Map<string, string>> {
  const said = new Map<string, string>();
  const target = { name: 'win', host: '127.0.0.1', address: '127.0.0.1', port, scheme };
  const tell = (step: string, text: string) => void said.set(step.slice(`${port} `.length), text);
  await lookAtWinrm(target, { clock: systemClock, tell }, AbortSignal.timeout(10_000));
  return said;
}

test('TLS, certificate, schemes and the challenge are told, and nobody tried to log in', async () => {
  const host = await startWindowsHost();
  onTestFinished(() => host.stop());
  const tls = await look(host.tlsPort, 'https');
  expect(Object.fromEntries(tls)).toMatchObject({
    TLS: expect.stringMatching(/^TLSv1\.[23] /),
    'certificate key': host.certificate.keyFingerprint,
    'channel binding': '53 bytes of tls-server-end-point',
    HTTP: '401, offers Negotiate',
    'NTLM flags': expect.stringMatching(/^0x[0-9a-f]{8}, all that is demanded$/),
    'NTLM target': expect.stringContaining(`computer ${host.model.name}`),
  });
  host.host.set({ challenge: 'no-seal', alsoOffers: ['Basic realm="WSMAN"'] });
  const plain = await look(host.port, 'http');
  expect(plain.get('HTTP')).toContain('Basic');
  expect(plain.get('NTLM flags')).toContain('lacks sealing');
  expect(host.host.counts).toMatchObject({ attempts: 0, logins: 0 });
});

test('a port that speaks something else is told as that', async () => {
  const host = await startWindowsHost();
  onTestFinished(() => host.stop());
  const said = await look(host.port, 'https');
  expect([...said.keys()]).toEqual(['connect']);
});
