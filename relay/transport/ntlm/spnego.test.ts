// SPNEGO's tokens byte by byte, a login through them, and tokens that lie.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SecurityFailure } from '#relay/transport/security-context.ts';
import { makeChallenge, verifyAuthenticate } from '#test/peers/windows-host/ntlm-server.ts';
import { NtlmContext } from './ntlm-context.ts';
import { ntlmLogin } from './ntlm-login.ts';
import { NtlmSealing } from './sealing.ts';
import { decodeNegTokenResp, encodeNegTokenResp, negTokenInit, SpnegoLogin } from './spnego.ts';

const MECHANISMS = Buffer.from('300c060a2b06010401823702020a', 'hex');
const NAMES = { nbComputer: 'FS', nbDomain: 'FS', dnsComputer: 'fs.test', dnsDomain: 'test' };

test('the first token is what Windows clients send around a message of 40 bytes', () => {
  expect(negTokenInit(Buffer.alloc(40, 1)).toString('hex')).toBe(
    `604806062b0601050502a03e303ca00e300c060a2b06010401823702020aa22a0428${'01'.repeat(40)}`,
  );
});

test('a final answer as Windows writes it is read', () => {
  const mic = '01000000'.padEnd(32, '7');
  expect(decodeNegTokenResp(Buffer.from(`a11b3019a0030a0100a3120410${mic}`, 'hex'))).toEqual({
    state: 'accept-completed',
    token: undefined,
    mechListMic: Buffer.from(mic, 'hex'),
  });
});

test('long tokens have long lengths and come back whole', () => {
  const token = randomBytes(70_000);
  expect(decodeNegTokenResp(encodeNegTokenResp({ token }))).toMatchObject({ token });
});

async function login(finish: (key: Uint8Array) => Parameters<typeof encodeNegTokenResp>[0]) {
  const context = new NtlmContext({
    login: ntlmLogin('alice', 'pw'),
    targetName: 'cifs/fs.test',
    demand: 'sign',
    clock: { now: () => 0 },
    randomBytes,
  });
  const spnego = new SpnegoLogin(context);
  const negotiate = ((await spnego.step()) ?? Buffer.alloc(0)).subarray(34);
  const challenge = makeChallenge(negotiate, { names: NAMES, serverChallenge: randomBytes(8), timestamp: 1n });
  const answer = decodeNegTokenResp(
    (await spnego.step(encodeNegTokenResp({ state: 'accept-incomplete', token: challenge }))) ?? Buffer.alloc(0),
  );
  const authenticate = answer.token ?? Buffer.alloc(0);
  const verdict = verifyAuthenticate({ negotiate, challenge, authenticate, passwordOf: () => 'pw' });
  if (!verdict.ok) throw new Error(verdict.fault);
  const host = new NtlmSealing(verdict.exportedSessionKey, 'server');
  host.verify(MECHANISMS, answer.mechListMic ?? Buffer.alloc(0));
  await spnego.step(encodeNegTokenResp(finish(verdict.exportedSessionKey)));
  return spnego;
}

test('a login ends when the server has signed the list of mechanisms too', async () => {
  const spnego = await login((key) => ({
    state: 'accept-completed',
    mechListMic: new NtlmSealing(key, 'server').sign(MECHANISMS),
  }));
  expect(spnego.isComplete).toBe(true);
});

test.each([
  ['without a signature', () => ({ state: 'accept-completed' as const })],
  ['with a wrong one', () => ({ state: 'accept-completed' as const, mechListMic: Buffer.alloc(16, 1) })],
  [
    'with one for the other direction',
    (key: Uint8Array) => ({
      state: 'accept-completed' as const,
      mechListMic: new NtlmSealing(key, 'client').sign(MECHANISMS),
    }),
  ],
  ['that rejects', () => ({ state: 'reject' as const })],
])('a last word %s is no login', async (_, finish) => {
  await expect(login(finish)).rejects.toBeInstanceOf(SecurityFailure);
});

test('a server that chooses another mechanism is refused', () => {
  const other = Buffer.from('a1173015a0030a0101a10e060c2b06010401823702020a0a0a', 'hex');
  expect(() => decodeNegTokenResp(other)).toThrow(/another mechanism/);
});

test('no bytes give anything but a token or a SecurityFailure', () => {
  const good = encodeNegTokenResp({
    state: 'accept-incomplete',
    token: Buffer.alloc(300),
    mechListMic: Buffer.alloc(16),
  });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.tuple(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length)).map(([at, value, length]) => {
      const copy = Buffer.from(good);
      copy[at] = value;
      return copy.subarray(0, length);
    }),
  );
  fc.assert(
    fc.property(bytes, (token) => {
      try {
        decodeNegTokenResp(token);
        return true;
      } catch (error) {
        return error instanceof SecurityFailure;
      }
    }),
    { numRuns: 2_000 },
  );
});
