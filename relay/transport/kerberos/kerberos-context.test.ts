// The life of a login by Kerberos over a library that answers when a test says so.
import { expect, test } from 'vitest';
import { PermitGate } from '#relay/transport/permit-gate.ts';
import { SecurityFailure } from '#relay/transport/security-context.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { gssFailure } from './gss-failure.ts';
import { GSS_COMPLETE, GSS_CONTINUE, GSS_FLAGS, type GssHandle, type GssLibrary } from './gss-library.ts';
import { KerberosContext } from './kerberos-context.ts';

// Pointers are opaque: any object stands for one.
const handle = (name: string) => ({ name }) as unknown as GssHandle;

class FakeGss implements GssLibrary {
  readonly released: unknown[] = [];
  seenPassword = '';
  hasPasswordAfter: (() => boolean) | undefined;
  flags = GSS_FLAGS;
  acquired: Promise<void> = Promise.resolve();
  isSealed = true;

  importName(principal: string) {
    return { major: GSS_COMPLETE, minor: 0, name: handle(principal) };
  }
  async acquire(_name: GssHandle, password: Uint8Array) {
    this.seenPassword = Buffer.from(password).toString();
    this.hasPasswordAfter = () => password.some((byte) => byte !== 0);
    await this.acquired;
    return { major: GSS_COMPLETE, minor: 0, credential: handle('credential') };
  }
  init({ token }: { token: Uint8Array | undefined }) {
    const major = token === undefined ? GSS_CONTINUE : GSS_COMPLETE;
    const out = token === undefined ? Buffer.from('first') : Buffer.alloc(0);
    return Promise.resolve({ major, minor: 0, context: handle('context'), token: out, flags: this.flags });
  }
  wrap(_context: GssHandle, plain: Uint8Array) {
    const head = Buffer.from('050406ff000000000000000000000000', 'hex');
    const token = Buffer.concat([head, Buffer.alloc(16), plain, Buffer.alloc(28)]);
    return { major: GSS_COMPLETE, minor: 0, token, isSealed: this.isSealed };
  }
  unwrap() {
    return { major: GSS_COMPLETE, minor: 0, plain: Buffer.from('plain'), isSealed: this.isSealed };
  }
  text = () => 'words of the library\u001b[2J';
  releaseName = (name: GssHandle) => void this.released.push(name);
  releaseCredential = (credential: GssHandle) => void this.released.push(credential);
  deleteContext = (context: GssHandle) => void this.released.push(context);
}

function rig() {
  const [gss, clock] = [new FakeGss(), new FakeClock()];
  const context = new KerberosContext({
    gss,
    clock,
    gate: new PermitGate({ name: 'Kerberos', limit: 2, maxWaiting: 10 }),
    stepMs: 10_000,
    principal: 'alice@RMM.TEST',
    password: 'Secret-1',
    service: 'HTTP/srv1.test@RMM.TEST',
  });
  return { gss, clock, context, signal: new AbortController().signal };
}

const names = (released: readonly unknown[]) => released.map((one) => (one as { name: string }).name).sort();

async function complete() {
  const made = rig();
  await made.context.prepare(made.signal);
  expect(Buffer.from((await made.context.step()) ?? []).toString()).toBe('first');
  expect(await made.context.step(Buffer.from('proof'))).toBeUndefined();
  return made;
}

test('the password is gone once the ticket is there, and everything once the login is over', async () => {
  const { gss, context } = await complete();
  expect(gss.seenPassword).toBe('Secret-1');
  expect(gss.hasPasswordAfter?.()).toBe(false);
  expect(context.isComplete).toBe(true);
  context.dispose();
  context.dispose();
  expect(names(gss.released)).toEqual(['HTTP/srv1.test@RMM.TEST', 'alice@RMM.TEST', 'context', 'credential']);
  expect(() => context.wrap(Buffer.from('x'))).toThrow(SecurityFailure);
});

test('a directory that was asked and does not answer may have judged; what it gives later is given back', async () => {
  const { gss, clock, context, signal } = rig();
  const { promise, resolve } = withResolvers();
  gss.acquired = promise;
  const prepared = context.prepare(signal).catch((error: unknown) => error);
  await settle();
  await clock.advance(10_000);
  expect(await prepared).toMatchObject({ kind: 'unanswered' });
  expect(gss.released).toEqual([]);
  resolve();
  await settle();
  expect(names(gss.released)).toEqual(['alice@RMM.TEST', 'credential']);
});

test('a password is not wiped under the thread that still reads it: it would be tried as a wrong one', async () => {
  const { gss, context } = rig();
  const { promise, resolve } = withResolvers();
  gss.acquired = promise;
  const stop = new AbortController();
  const prepared = context.prepare(stop.signal).catch((error: unknown) => error);
  await settle();
  stop.abort();
  await prepared;
  expect(gss.hasPasswordAfter?.()).toBe(true);
  resolve();
  await settle();
  expect(gss.hasPasswordAfter?.()).toBe(false);
});

test('a host without proof of itself, sealing or order is a downgrade', async () => {
  const { gss, context, signal } = rig();
  await context.prepare(signal);
  await context.step();
  gss.flags = GSS_FLAGS & ~0x02;
  await expect(context.step(Buffer.from('proof'))).rejects.toMatchObject({ kind: 'downgrade' });
  expect(context.isComplete).toBe(false);
});

test('nothing is sent or taken that is signed and not sealed', async () => {
  const { gss, context } = await complete();
  expect(context.wrap(Buffer.from('text')).signature).toHaveLength(60);
  gss.isSealed = false;
  expect(() => context.wrap(Buffer.from('text'))).toThrow(/does not seal/);
  const signature = Buffer.concat([Buffer.from('050406ff', 'hex'), Buffer.alloc(56)]);
  expect(() => context.unwrap({ signature, data: Buffer.alloc(4) })).toThrow(SecurityFailure);
});

test.each([
  [-1_765_328_378, 'denied', 'does not know this user'],
  [-1_765_328_377, 'unsupported', 'does not know this service'],
  [-1_765_328_366, 'denied', 'disabled or locked'],
  [-1_765_328_361, 'denied', 'expired'],
  [-1_765_328_360, 'denied', 'wrong'],
  [-1_765_328_353, 'denied', 'wrong'],
  [-1_765_328_347, 'refused', 'clocks'],
  [-1_765_328_228, 'unreachable', 'no server'],
  [-1_765_328_100, 'refused', 'words of the library'],
])('status %i is %s', (minor, kind, words) => {
  const failure = gssFailure(new FakeGss(), { major: 0xd0000, minor });
  expect(failure.kind).toBe(kind);
  expect(failure.message).toContain(words);
  expect(failure.message).not.toContain('\u001b');
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
