// The login of a connection against hosts that say back what they were told: tokens are in no text of ours.
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { NtlmContext } from '#relay/transport/ntlm/ntlm-context.ts';
import { succeed } from '#shared/base/outcome.ts';
import { Canaries } from '#test/fixtures/canaries.ts';
import { makeChallenge } from '#test/peers/windows-host/ntlm-server.ts';
import { logIn } from './wsman-login.ts';

const NAMES = { nbComputer: 'SRV1', nbDomain: 'CORP', dnsComputer: 'srv1.corp.test', dnsDomain: 'corp.test' };
const answer = (status: number, authenticate: string, body: string) =>
  succeed({ status, contentType: undefined, authenticate, body: Buffer.from(body) });

/** Asks for a login, then answers its proof with `status` and shows what it was sent. */
async function echoed(status: number) {
  const canaries = new Canaries();
  const context = new NtlmContext({
    ...{
      login: { user: 'alice', domain: '', password: 'canary-password-8c' },
      targetName: 'HTTP/srv1',
      demand: 'seal',
    },
    ...{ clock: { now: () => 1_700_000_000_000 }, randomBytes },
  });
  const ended = await logIn({
    ...{ name: 'srv1', context, mayCarryBody: false, leave: async () => undefined },
    post: async (token) => {
      const sent = `Negotiate ${Buffer.from(token).toString('base64')}`;
      if (context.isComplete) {
        canaries.add('proof', token.subarray(88, 200));
        return answer(status, sent, `GET /wsman HTTP/1.1\r\nAuthorization: ${sent}\r\nnot today`);
      }
      const serverChallenge = randomBytes(8);
      const challenge = makeChallenge(Buffer.from(token), { names: NAMES, serverChallenge, timestamp: undefined });
      return answer(401, `Negotiate ${challenge.toString('base64')}`, '');
    },
  });
  expect(canaries.names).toEqual(['proof']);
  return { ended, canaries };
}

test.each([400, 401, 403, 503])('a host that answers with %i and shows what it was sent', async (status) => {
  const { ended, canaries } = await echoed(status);
  expect(ended.outcome).toMatchObject({ ok: false, reason: status === 401 ? 'denied' : 'refused' });
  expect(ended.outcome.ok ? '' : ended.outcome.detail).not.toMatch(/[A-Za-z0-9+/]{24}/);
  expect(canaries.foundIn(ended)).toEqual([]);
});

test('what else it says is told', async () => {
  const { ended } = await echoed(403);
  expect(ended.outcome.ok ? '' : ended.outcome.detail).toContain(
    'HTTP 403: GET /wsman HTTP/1.1 Authorization: Negotiate',
  );
  expect(ended.outcome.ok ? '' : ended.outcome.detail).toContain('not today');
});

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
