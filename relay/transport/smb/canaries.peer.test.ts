// Logins over SMB that succeed and that fail in every way, transfers and jobs: nothing that is told of them holds a secret.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ntHash, ntOwfV2, sessionBaseKey } from '#relay/transport/ntlm/keys.ts';
import { systemRandom } from '#shared/base/id.ts';
import { Canaries } from '#test/fixtures/canaries.ts';
import { livingDevice, makeQueueRelay } from '#test/fixtures/queue-kit.ts';
import { chunksOf, connectTo, faultOf, filesOf, NEVER, smbDeps } from '#test/fixtures/smb-kit.ts';
import { type Meddle, startSmbProxy } from '#test/fixtures/smb-proxy.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { newDeviceKey } from '#test/peers/queue-device.ts';
import { type SmbdPeer, startSmbd } from '#test/peers/smbd.ts';
import { greet } from './connect.ts';
import { logIn } from './login.ts';

const WRONG = 'canary-wrong-share-password-31';
const SCRIPT = "# canary-script-body-7be2\nWrite-Output 'done'";
const VARIABLE = 'canary-variable-of-a-site-09';
const CONTENT = Buffer.alloc(300_000, 'canary-content-of-a-file-55 ');

let peer: SmbdPeer;
let lax: SmbdPeer;
beforeAll(async () => {
  [peer, lax] = await Promise.all([startSmbd('defaults'), startSmbd('defaults', ['map to guest = Bad User'])]);
});
afterAll(() => Promise.all([peer?.stop(), lax?.stop()]));

interface Login {
  port: number;
  user: string;
  password: string;
}

const of = ({ port, user, password }: Login): Login => ({ port, user, password });

function canariesOf({ password }: Login): Canaries {
  const found = new Canaries();
  found.add('password', password);
  found.add('hash of the password', ntHash(password));
  return found;
}

/** Reads the keys of a login off its AUTHENTICATE_MESSAGE (MS-NLMP 2.2.1.3), then lets `meddle` at the frame. */
function listening(canaries: Canaries, login: Login, meddle: Meddle): Meddle {
  return (frame, direction, index) => {
    const at = frame.indexOf('NTLMSSP\0\u0003\0\0\0', 0, 'latin1');
    if (direction === 'to-server' && at !== -1) {
      const answer = frame.subarray(at + frame.readUInt32LE(at + 24)).subarray(0, frame.readUInt16LE(at + 20));
      const owf = ntOwfV2(ntHash(login.password), login.user, '');
      canaries.add('proof of the password', answer.subarray(0, 16));
      canaries.add('session base key', sessionBaseKey(owf, answer.subarray(0, 16)));
      canaries.add('hash for this user', owf);
    }
    return meddle(frame, direction, index);
  };
}

/** Everything random that a key may be made of. */
function watched(canaries: Canaries): typeof systemRandom {
  return (bytes) => {
    const filled = systemRandom(bytes);
    if (filled.length === 16) canaries.add('random keys', filled);
    return filled;
  };
}

async function thrownBy(act: () => Promise<unknown>): Promise<unknown> {
  return await act().then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** The same login three times: as the room throws, as its door tells, and as the transport with its breaker does. */
async function everythingOf(login: Login, canaries: Canaries): Promise<unknown[]> {
  const folder = makeTempFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const deps = smbDeps({ random: watched(canaries), replyMs: 2_000 });
  const target = { name: 'peer', host: '127.0.0.1', port: login.port };
  const thrown = await thrownBy(async () => {
    const greeted = await greet(target, ['3.0', '3.0.2', '3.1.1'], deps, NEVER);
    const policy = { minimumDialect: '3.0', isEncrypted: false } as const;
    await logIn({ ...greeted, target, login, policy, deps }, NEVER);
  });
  const connected = await connectTo(login, deps);
  const { transport, entry, stopped } = makeQueueRelay(folder.path, login);
  const opened = await transport.open(entry, NEVER, 'monitor');
  return [thrown, connected, opened, stopped, entry];
}

const stay: Meddle = (frame) => frame;
const toClient =
  (at: number, change: (frame: Buffer) => Buffer | undefined): Meddle =>
  (frame, direction, index) =>
    direction === 'to-client' && index === at ? change(frame) : frame;

/** Answers of a login behind that to the negotiation. */
const [CHALLENGE, VERDICT] = [1, 2];
const flipLast = (frame: Buffer) => {
  frame[frame.length - 1] = (frame.at(-1) ?? 0) ^ 1;
  return frame;
};
/** ServerChallenge (MS-NLMP 2.2.1.2): the proof of the password is then one of another challenge. */
const otherChallenge = (frame: Buffer) => {
  const at = frame.indexOf('NTLMSSP\0', 0, 'latin1') + 24;
  frame[at] = (frame[at] ?? 0) ^ 1;
  return frame;
};
const unsigned = (frame: Buffer) => {
  frame.writeUInt32LE((frame.readUInt32LE(20) & ~8) >>> 0, 20);
  return frame;
};

test.each<[string, string, (real: SmbdPeer, guest: SmbdPeer) => Login, Meddle]>([
  ['a wrong password', 'logon-failure', (real) => ({ ...of(real), password: WRONG }), stay],
  ['a user whom nobody knows', 'logon-failure', (real) => ({ ...of(real), user: 'nobody-knows-me' }), stay],
  ['a guest', 'guest-session', (_, guest) => ({ ...of(guest), user: 'nobody-knows-me' }), stay],
  ['a verdict without a signature', 'not-signed', of, toClient(VERDICT, unsigned)],
  ['an altered verdict', 'bad-signature', of, toClient(VERDICT, flipLast)],
  ['an altered challenge', 'logon-failure', of, toClient(CHALLENGE, otherChallenge)],
  ['a line cut before the challenge', 'lost', of, toClient(CHALLENGE, () => undefined)],
  ['a line cut before the verdict', 'lost', of, toClient(VERDICT, () => undefined)],
])('%s: told without a secret', async (_, fault, loginOf, meddle) => {
  const real = loginOf(peer, lax);
  const canaries = canariesOf(real);
  const proxy = await startSmbProxy(real.port, () => listening(canaries, real, meddle));
  onTestFinished(() => proxy.stop());
  const [thrown, connected, ...others] = await everythingOf({ ...real, port: proxy.port }, canaries);
  expect(thrown).toMatchObject({ name: 'SmbError', fault });
  expect(connected).toMatchObject({ ok: false, fault });
  expect(canaries.foundIn(thrown, connected, ...others)).toEqual([]);
});

test('a login that succeeds, and files that do and do not arrive: told without a secret and without what stands in them', async () => {
  const canaries = canariesOf(peer);
  canaries.add('content', 'canary-content-of-a-file-55');
  const proxy = await startSmbProxy(peer.port, () => listening(canaries, peer, stay));
  onTestFinished(() => proxy.stop());
  const { connection, files } = await filesOf({ ...of(peer), port: proxy.port }, 'files', {
    random: watched(canaries),
  });
  expect(canaries.names).toEqual(expect.arrayContaining(['session base key', 'random keys']));
  const stop = new AbortController();
  const source = chunksOf(CONTENT);
  const told: unknown[] = [
    connection,
    files,
    await files.upload('up', source, {}, NEVER),
    await files.upload('up', chunksOf(CONTENT), { sha256: '0'.repeat(64) }, NEVER),
    await files.upload('nowhere/up', chunksOf(CONTENT), {}, NEVER),
    await files.write('up', CONTENT, { isReplacing: false }, NEVER),
    await files.write('..', CONTENT, { isReplacing: false }, NEVER),
    await files.download('up', () => stop.abort() as undefined, { maxBytes: 1e6 }, stop.signal),
    await files.download('up', () => undefined, { maxBytes: 10 }, NEVER),
    await files.stat('up', NEVER),
  ];
  await proxy.stop();
  told.push(await files.read('up', 1e6, NEVER), await files.write('x', CONTENT, { isReplacing: true }, NEVER));
  expect(faultOf(told.at(-1) as never)).toBe('lost');
  expect(canaries.foundIn(...told)).toEqual([]);
});

test('jobs of a file queue that run, are refused and altered: told without script, variable or password', async () => {
  const canaries = canariesOf(peer);
  canaries.add('script', 'canary-script-body-7be2');
  canaries.add('variable', VARIABLE);
  const folder = makeTempFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const { transport, key, entry, stopped } = makeQueueRelay(folder.path, peer);
  const options = {
    relayKey: key.publicText,
    key: newDeviceKey(),
    identity: { smbiosUuid: '4c4c4544-0031-3010-8048-b9c04f4d3232' },
  };
  const ends = [{ kind: 'exit', code: 3 }, { kind: 'too-large' }, { kind: 'timed-out' }] as const;
  let ran = 0;
  const run = () => ({ end: ends[ran++ % ends.length] ?? ends[0] });
  await using device = await livingDevice(peer, { ...options, run });
  const session = await transport.open(entry, NEVER, 'monitor');
  if (!session.ok) throw new Error(session.detail);
  onTestFinished(() => session.value.close());
  const request = { script: SCRIPT, timeoutMs: 20_000, maxOutputBytes: 1_000 };
  const told: unknown[] = [session.value];
  for (const _ of ends) told.push(await session.value.run(request, NEVER));
  expect(ran).toBe(ends.length);
  told.push(await session.value.run({ ...request, variables: new Map([['name', VARIABLE]]) }, NEVER));
  told.push(await session.value.run({ ...request, script: `${SCRIPT}${'#'.repeat(300_000)}` }, NEVER));
  told.push(await session.value.run(request, AbortSignal.abort()));
  told.push(device.device.refused, stopped, entry);
  expect(canaries.foundIn(...told)).toEqual([]);
});

test('whoever looks this way would see them', async () => {
  const canaries = canariesOf(peer);
  const { user, password } = peer;
  const leaky = new Error('login', { cause: { login: { user, password } } });
  expect(canaries.foundIn(leaky)).toEqual(['password']);
});
