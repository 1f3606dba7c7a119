// A login of a local route goes to its mail server only as far as it was bound, and never where anybody can read it.
import { expect, onTestFinished, test } from 'vitest';
import type { Credential } from '#relay/transport/credentials.ts';
import { RouteId } from '#shared/base/id.ts';
import { fail, succeed } from '#shared/base/outcome.ts';
import type { CredentialBinding } from '#shared/model/credential.ts';
import type { LocalRoute } from '#shared/model/watch-policy.ts';
import type { Mail, MailServer } from '#shared/send/mail.ts';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { smtpDouble } from '#test/fixtures/smtp-double.ts';
import { localSender } from './local-send.ts';

const mail: Mail = { from: 'a@b.example', to: ['c@d.example'], subject: 'x', text: 'y', id: 'one' };
const routeOf = (change: Partial<LocalRoute['mail']> = {}): LocalRoute => ({
  ...{ id: RouteId.parse('0190a000-0000-7000-8012-000000000001'), name: 'n', atLeast: 'high', afterMs: 0 },
  mail: {
    host: 'mail.lan',
    port: 25,
    security: 'tls',
    from: mail.from,
    to: [...mail.to],
    credential: 'smtp',
    ...change,
  },
});
const held = (binding?: Partial<CredentialBinding>): Credential => ({
  ...{ name: 'smtp', user: 'relay', password: 'secret', key: undefined, version: '1' },
  binding: binding && { purpose: 'act', weakest: 'password', ...binding },
});

async function sentWith(credential: Credential): Promise<MailServer | string> {
  const servers: MailServer[] = [];
  const sent = await localSender({
    credential: () => succeed(credential),
    addressOf: async () => '10.1.2.3',
    send: async (server) => {
      servers.push(server);
      return { ok: true, detail: '' };
    },
  })(routeOf(), mail);
  return servers[0] ?? sent.detail;
}

test.each([
  ['without bounds it goes along', undefined, { login: { user: 'relay', password: 'secret' } }],
  ['within its ranges it goes to the address that was judged', { ranges: ['10.0.0.0/8'] }, { address: '10.1.2.3' }],
])('%s', async (_what, binding, server) => {
  expect(await sentWith(held(binding))).toMatchObject(server);
});

test.each<[string, Partial<CredentialBinding>]>([
  ['outside its ranges', { ranges: ['192.168.0.0/16'] }],
  ['bound to devices', { devices: [{ device: sampleDevice(1) }] }],
  ['bound to transports', { transports: ['ssh'] }],
])('%s it goes nowhere, and the answer does not name it', async (_what, binding) => {
  const refused = await sentWith(held(binding));
  expect(refused).toContain('credential smtp');
  expect(refused).not.toContain('secret');
});

test('one that is not there, revoked, or a key, is said', async () => {
  const say = async (found: ReturnType<Parameters<typeof localSender>[0]['credential']>) =>
    (await localSender({ credential: () => found })(routeOf(), mail)).detail;
  expect(await say(undefined)).toContain('no credential smtp');
  expect(await say(fail('credential-missing', 'credential smtp was revoked'))).toContain('was revoked');
  expect(await say(succeed({ ...held(), password: undefined }))).toContain('holds no password');
});

test('a mail reaches a server, and a login is not told to one that anybody can overhear', async () => {
  const server = await smtpDouble();
  onTestFinished(() => server.close());
  const route = routeOf({ host: '127.0.0.1', port: server.port, security: 'none' });
  const { credential: _name, ...open } = route.mail;
  const send = localSender({ credential: () => succeed(held()) });
  expect(await send({ ...route, mail: open }, mail)).toMatchObject({ ok: true });
  expect(server.received).toHaveLength(1);
  expect(await send(route, mail)).toMatchObject({ ok: false, isLasting: true });
  expect(server.said.join('\n')).not.toContain('AUTH');
});
