// The NTLM client against the host's side of it, and against hosts that lie.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChannelBinding, SecurityFailure } from '#relay/transport/security-context.ts';
import { makeChallenge, serverSealing, verifyAuthenticate } from '#test/peers/windows-host/ntlm-server.ts';
import { FLAG } from './flags.ts';
import { NtlmContext } from './ntlm-context.ts';
import { ntlmLogin } from './ntlm-login.ts';

const NAMES = { nbComputer: 'SRV1', nbDomain: 'CORP', dnsComputer: 'srv1.corp.test', dnsDomain: 'corp.test' };
const BINDING: ChannelBinding = { applicationData: Buffer.from('tls-server-end-point:x') };

const contextOf = (options: { name?: string; demand?: 'seal' | 'sign'; channelBinding?: ChannelBinding } = {}) =>
  new NtlmContext({
    login: ntlmLogin(options.name ?? 'CORP\\alice', 'Secret-1'),
    targetName: 'HTTP/srv1',
    channelBinding: options.channelBinding,
    demand: options.demand ?? 'seal',
    clock: { now: () => 1_700_000_000_000 },
    randomBytes,
  });

interface Dance {
  context?: NtlmContext;
  without?: number;
  timestamp?: bigint | undefined;
  password?: string;
  channelBinding?: Uint8Array;
  mangle?: (message: Buffer) => void;
}

async function dance(options: Dance = {}) {
  const context = options.context ?? contextOf();
  const negotiate = (await context.step()) ?? Buffer.alloc(0);
  const challenge = makeChallenge(negotiate, {
    names: NAMES,
    serverChallenge: randomBytes(8),
    timestamp: 'timestamp' in options ? options.timestamp : 133_500_000_000_000_000n,
    ...(options.without === undefined ? {} : { without: options.without }),
  });
  const authenticate = Buffer.from((await context.step(challenge)) ?? []);
  options.mangle?.(authenticate);
  const verdict = verifyAuthenticate({
    negotiate,
    challenge,
    authenticate,
    passwordOf: (user) => (user.toLowerCase().startsWith('alice') ? (options.password ?? 'Secret-1') : undefined),
    channelBinding: options.channelBinding,
  });
  return { context, verdict, challenge, authenticate };
}

const failureOf = async (work: Promise<unknown>): Promise<SecurityFailure> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SecurityFailure);
  return error as SecurityFailure; // the line above says so
};

test.each([
  ['CORP\\alice', 'alice', 'CORP'],
  ['alice@corp.test', 'alice@corp.test', ''],
  ['alice', 'alice', ''],
  ['.\\alice', 'alice', 'SRV1'],
])('a login as %s is accepted and names %s of "%s"', async (name, user, domain) => {
  const { verdict } = await dance({ context: contextOf({ name }) });
  expect(verdict).toMatchObject({ ok: true, user, domain, targetName: 'HTTP/srv1' });
});

test('both sides hold the same key afterwards and seal in both directions in one sequence', async () => {
  const { context, verdict } = await dance();
  if (!verdict.ok) throw new Error(verdict.fault);
  expect(Buffer.from(context.exportedSessionKey)).toEqual(verdict.exportedSessionKey);
  const host = serverSealing(verdict.exportedSessionKey);
  for (let round = 0; round < 5; round += 1) {
    const question = Buffer.from(`question ${round}`);
    const answer = randomBytes(round * 1_000);
    expect(Buffer.from(host.unwrap(context.wrap(question)))).toEqual(question);
    expect(Buffer.from(context.unwrap(host.wrap(answer)))).toEqual(answer);
  }
});

test('a replayed, swapped or altered message is an integrity failure', async () => {
  const { context, verdict } = await dance();
  if (!verdict.ok) throw new Error(verdict.fault);
  const host = serverSealing(verdict.exportedSessionKey);
  const first = host.wrap(Buffer.from('first'));
  context.unwrap(first);
  expect(() => context.unwrap(first)).toThrow(SecurityFailure);
  const { context: other, verdict: again } = await dance();
  if (!again.ok) throw new Error(again.fault);
  const sealed = serverSealing(again.exportedSessionKey).wrap(Buffer.from('text'));
  sealed.data[0] = (sealed.data[0] ?? 0) ^ 1;
  expect(() => other.unwrap(sealed)).toThrow(/signature/);
});

test('a wrong password, a changed MIC and a changed message are told apart by the host', async () => {
  expect((await dance({ password: 'other' })).verdict).toEqual({ ok: false, fault: 'wrong-password' });
  const mangle = (at: number) => (message: Buffer) => {
    message[at] = (message[at] ?? 0) ^ 1;
  };
  expect((await dance({ mangle: mangle(72) })).verdict).toEqual({ ok: false, fault: 'wrong-mic' });
  // The version: nothing but the MIC covers it.
  expect((await dance({ mangle: mangle(64) })).verdict).toEqual({ ok: false, fault: 'wrong-mic' });
});

test('the MIC is there without a timestamp too, and no LM response ever', async () => {
  const { verdict, authenticate } = await dance({ timestamp: undefined });
  expect(verdict.ok).toBe(true);
  expect(authenticate.subarray(72, 88).every((byte) => byte === 0)).toBe(false);
  const lm = authenticate.readUInt32LE(16);
  expect(authenticate.readUInt16LE(12)).toBe(24);
  expect(authenticate.subarray(lm, lm + 24).every((byte) => byte === 0)).toBe(true);
});

test('a login is bound to its TLS channel, and a host that is strict refuses another or none', async () => {
  const strict = BINDING.applicationData;
  const bound = contextOf({ channelBinding: BINDING });
  expect((await dance({ context: bound, channelBinding: strict })).verdict.ok).toBe(true);
  expect((await dance({ channelBinding: strict })).verdict).toEqual({ ok: false, fault: 'no-channel-binding' });
  const relayed = contextOf({ channelBinding: { applicationData: Buffer.from('tls-server-end-point:y') } });
  const { verdict } = await dance({ context: relayed, channelBinding: strict });
  expect(verdict).toEqual({ ok: false, fault: 'wrong-channel-binding' });
});

test.each([
  ['unicode', FLAG.unicode],
  ['signing', FLAG.sign],
  ['sealing', FLAG.seal],
  ['extended session security', FLAG.extendedSessionSecurity],
  ['target information', FLAG.targetInfo],
  ['128-bit keys', FLAG.key128],
  ['key exchange', FLAG.keyExchange],
])('a challenge without %s is a downgrade, and nothing is answered', async (words, without) => {
  const context = contextOf();
  const failure = await failureOf(dance({ context, without }));
  expect(failure.kind).toBe('downgrade');
  expect(failure.message).toContain(words);
  expect(context.isComplete).toBe(false);
  expect((await failureOf(context.step())).kind).toBe('integrity');
});

test('for SMB signing is enough, and signatures without sealing verify in both directions', async () => {
  const { context, verdict } = await dance({ context: contextOf({ demand: 'sign' }), without: FLAG.seal });
  expect(verdict.ok).toBe(true);
  expect(Buffer.from(context.sign(Buffer.from('list'))).readUInt32LE(0)).toBe(1);
  expect(() => context.verify(Buffer.from('list'), Buffer.alloc(16))).toThrow(SecurityFailure);
});

test('a context that is over has no key and does nothing', async () => {
  const { context } = await dance();
  context.dispose();
  expect(context.isComplete).toBe(false);
  expect(() => context.wrap(Buffer.from('x'))).toThrow(SecurityFailure);
  expect(() => context.exportedSessionKey).toThrow(SecurityFailure);
});

test('a host that answers once more after the login is refused', async () => {
  const { context, challenge } = await dance();
  expect((await failureOf(context.step(challenge))).kind).toBe('malformed');
});

test('target information that would not fit our answer is refused, by the same kind of failure', async () => {
  const context = contextOf();
  const negotiate = (await context.step()) ?? Buffer.alloc(0);
  const challenge = makeChallenge(negotiate, {
    names: { ...NAMES, dnsDomain: 'd'.repeat(32_000) },
    serverChallenge: randomBytes(8),
    timestamp: undefined,
  });
  expect((await failureOf(context.step(challenge))).kind).toBe('malformed');
});

test('no challenge, however mangled, gives anything but a SecurityFailure or a login', async () => {
  const good = makeChallenge((await contextOf().step()) ?? Buffer.alloc(0), {
    names: NAMES,
    serverChallenge: Buffer.alloc(8, 1),
    timestamp: 1n,
  });
  const mangled = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(good.length).map((length) => good.subarray(0, length)),
    fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }).map((edits) => {
      const copy = Buffer.from(good);
      for (const [at, value] of edits) copy[at] = value;
      return copy;
    }),
  );
  await fc.assert(
    fc.asyncProperty(mangled, async (token) => {
      const context = contextOf();
      await context.step();
      const error = await context.step(token).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      return error === undefined || error instanceof SecurityFailure;
    }),
    { numRuns: 1_000 },
  );
});
