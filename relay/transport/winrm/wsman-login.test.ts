// What a host may answer to the first message of a login, which says nothing of it yet.
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { NtlmContext } from '#relay/transport/ntlm/ntlm-context.ts';
import { succeed } from '#shared/base/outcome.ts';
import { makeChallenge } from '#test/peers/windows-host/ntlm-server.ts';
import { logIn } from './wsman-login.ts';

const NAMES = { nbComputer: 'SRV1', nbDomain: 'CORP', dnsComputer: 'srv1.corp.test', dnsDomain: 'corp.test' };

test('a host that lets in whoever comes has not taken the login, which was never shown to it', async () => {
  const context = new NtlmContext({
    login: { user: 'alice', domain: 'CORP', password: 'Secret-1' },
    targetName: 'HTTP/srv1',
    demand: 'seal',
    clock: { now: () => 0 },
    randomBytes,
  });
  const asked: boolean[] = [];
  const ended = await logIn({
    name: 'w-1',
    context,
    mayCarryBody: true,
    leave: () => Promise.resolve(undefined),
    post: (token, withBody) => {
      asked.push(withBody);
      const made = { names: NAMES, serverChallenge: randomBytes(8), timestamp: undefined };
      const challenge = Buffer.from(makeChallenge(token, made)).toString('base64');
      const reply = { status: 200, contentType: undefined, authenticate: `Negotiate ${challenge}` };
      return Promise.resolve(succeed({ ...reply, body: Buffer.alloc(0) }));
    },
  });
  expect(ended).toMatchObject({ outcome: { ok: false, reason: 'malformed' }, verdict: 'not-tried' });
  expect(asked).toEqual([false]);
});
