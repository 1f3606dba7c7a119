// Kerberos with a real directory and an acceptor that nobody of ours wrote.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type SecurityContext, SecurityFailure } from '#relay/transport/security-context.ts';
import { systemClock } from '#shared/base/clock.ts';
import { GssAcceptor } from '#test/peers/gss-acceptor.ts';
import { type KdcPeer, startKdc } from '#test/peers/kdc.ts';
import { type KerberosAsk, KerberosLogins } from './kerberos-logins.ts';

const SIGNAL = new AbortController().signal;
const PASSWORD = 'Secret-1 ü';
const BINDING = { applicationData: Buffer.from('tls-server-end-point:x') };

let kdc: KdcPeer;
let acceptor: GssAcceptor;
beforeAll(async () => {
  kdc = await startKdc({ users: { alice: PASSWORD }, services: ['HTTP/srv1.test', 'HTTP/other.test'] });
  acceptor = new GssAcceptor(kdc);
});
afterAll(async () => {
  await acceptor.stop();
  await kdc.stop();
});

const ask = (change: Partial<KerberosAsk> = {}): KerberosAsk => ({
  principal: 'alice@RMM.TEST',
  service: 'HTTP/srv1.test',
  password: PASSWORD,
  channelBinding: undefined,
  ...change,
});

const loginsOf = (configFile = kdc.configFile, stepMs = 20_000) =>
  new KerberosLogins({ clock: systemClock, configFile, stepMs });

async function context(change: Partial<KerberosAsk> = {}): Promise<SecurityContext> {
  const made = await loginsOf().newContext(ask(change), SIGNAL);
  if (!made.ok) throw new Error(made.detail);
  onTestFinished(() => made.value.dispose());
  return made.value;
}

async function login(change: Partial<KerberosAsk> = {}, binding?: Uint8Array): Promise<SecurityContext> {
  const client = await context(change);
  await acceptor.begin(kdc.keytab, binding);
  const { token, user } = await acceptor.step((await client.step()) ?? Buffer.alloc(0));
  expect(user).toBe('alice@RMM.TEST');
  expect(client.isComplete).toBe(false);
  expect(await client.step(token)).toBeUndefined();
  expect(client.isComplete).toBe(true);
  return client;
}

test('both sides prove themselves and seal in both directions, head and text apart as Windows has them', async () => {
  const client = await login();
  for (const size of [0, 1, 15, 16, 17, 5_000, 600_000]) {
    const question = randomBytes(size);
    const sealed = client.wrap(question);
    expect(sealed.signature).toHaveLength(60);
    expect(sealed.data).toHaveLength(size);
    const opened = await acceptor.unwrap(sealed);
    expect(opened.isSealed && opened.plain.equals(question)).toBe(true);
    const answer = await acceptor.wrap(question);
    expect(answer.signature).toHaveLength(60);
    expect(question.equals(client.unwrap(answer))).toBe(true);
  }
});

test('a login is bound to its TLS channel', async () => {
  await login({ channelBinding: BINDING }, BINDING.applicationData);
  const elsewhere = await context({ channelBinding: { applicationData: Buffer.from('tls-server-end-point:y') } });
  await acceptor.begin(kdc.keytab, BINDING.applicationData);
  await expect(acceptor.step((await elsewhere.step()) ?? Buffer.alloc(0))).rejects.toThrow(/binding/i);
});

test('altered, repeated and swapped messages are integrity failures', async () => {
  const client = await login();
  const [first, second, third] = [
    await acceptor.wrap(Buffer.from('one')),
    await acceptor.wrap(Buffer.from('two')),
    await acceptor.wrap(Buffer.from('three')),
  ];
  expect(Buffer.from(client.unwrap(first)).toString()).toBe('one');
  expect(() => client.unwrap(first)).toThrow(SecurityFailure);
  expect(() => client.unwrap(third)).toThrow(/turn/);
  second.data[0] = (second.data[0] ?? 0) ^ 1;
  expect(() => client.unwrap(second)).toThrow(SecurityFailure);
  expect(() => client.unwrap({ signature: Buffer.alloc(60), data: Buffer.alloc(4) })).toThrow(/AES/);
});

test('a host that answers with junk instead of its proof is refused', async () => {
  const client = await context();
  await client.step();
  await expect(client.step(randomBytes(200))).rejects.toBeInstanceOf(SecurityFailure);
  expect(client.isComplete).toBe(false);
  await expect(client.step()).rejects.toBeInstanceOf(SecurityFailure);
});

test('a host that holds the key of another service cannot take the login', async () => {
  const client = await context({ service: 'HTTP/other.test@RMM.TEST' });
  const bare = await startKdc({ users: {}, services: ['HTTP/other.test'] });
  onTestFinished(() => bare.stop());
  await acceptor.begin(bare.keytab);
  await expect(acceptor.step((await client.step()) ?? Buffer.alloc(0))).rejects.toThrow();
});

test.each([
  ['a wrong password', { password: 'wrong' }, 'denied', /password is wrong/],
  ['a user whom nobody knows', { principal: 'bob@RMM.TEST' }, 'denied', /does not know this user/],
  ['a service that nobody knows', { service: 'HTTP/nobody.test' }, 'unsupported', /does not know this service/],
  ['a realm without a server', { principal: 'alice@NOWHERE.TEST' }, 'unreachable', /no server is known/],
])('%s says so', async (_, change, reason, words) => {
  const made = await loginsOf().newContext(ask(change), SIGNAL);
  expect(made).toMatchObject({ ok: false, reason, detail: expect.stringMatching(words) });
  expect(made.ok ? '' : made.detail).not.toContain(PASSWORD);
});

test('a directory that is away is unreachable, and nothing is said of the login', async () => {
  const away = await startKdc({ users: { alice: PASSWORD }, services: [] });
  const logins = loginsOf(away.configFile, 2_000);
  await away.stop();
  const made = await logins.newContext(ask(), SIGNAL);
  expect(made).toMatchObject({ ok: false, reason: expect.stringMatching(/unreachable|refused/) });
});

test('clocks that differ are named, and are no wrong password', async () => {
  const ahead = await startKdc({ users: { alice: PASSWORD }, services: ['HTTP/srv1.test'], clockOffset: '+1h' });
  onTestFinished(() => ahead.stop());
  const made = await loginsOf(ahead.configFile).newContext(ask(), SIGNAL);
  expect(made).toMatchObject({ ok: false, reason: 'refused', detail: expect.stringContaining('clocks') });
});

test('a relay without the library says what is missing, every time', async () => {
  const logins = new KerberosLogins({
    clock: systemClock,
    load: () => Promise.reject(new SecurityFailure('unsupported', 'Kerberos needs koffi and libgssapi_krb5')),
  });
  for (let round = 0; round < 2; round += 1)
    expect(await logins.newContext(ask(), SIGNAL)).toMatchObject({ ok: false, reason: 'unsupported' });
});

test('the loop goes on while the directory is asked, and a wish to stop ends the wait', async () => {
  const stop = new AbortController();
  const asked = loginsOf().newContext(ask(), stop.signal);
  stop.abort();
  expect(await asked).toMatchObject({ ok: false });
});

test('logins that end give back what the library held', async () => {
  const many = async () => {
    const made = await Promise.all(
      Array.from({ length: 30 }, () => loginsOf().newContext(ask(), new AbortController().signal)),
    );
    for (const one of made) if (one.ok) one.value.dispose();
    expect(made.every(({ ok }) => ok)).toBe(true);
  };
  await many();
  const before = process.memoryUsage().rss;
  await many();
  // 30 MB: each would have to keep a megabyte.
  expect(process.memoryUsage().rss - before).toBeLessThan(30_000_000);
});
