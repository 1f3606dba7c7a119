// Every operation on files against six real smbd, each with other demands, NTLMv2 alone.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chunksOf, connectTo, entriesOf, faultOf, filesOf, got, NEVER, smbDeps } from '#test/fixtures/smb-kit.ts';
import { SMBD_SETTINGS, type SmbdSetting, startSmbd } from '#test/peers/smbd.ts';
import { probePosture } from './posture.ts';
import type { SmbFacts, SmbFiles } from './smb-files.ts';

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

async function started(setting: SmbdSetting, more: readonly string[] = []) {
  const peer = await startSmbd(setting, more);
  onTestFinished(() => peer.stop());
  return peer;
}

/** What each setting must come to: never less than the server asks for. */
const EXPECTED: Readonly<Record<SmbdSetting, Partial<SmbFacts>>> = {
  defaults: { dialect: '3.1.1', signing: 'AES-GMAC', isEncrypted: false, isSigningRequired: false },
  signing: { dialect: '3.1.1', signing: 'AES-GMAC', isEncrypted: false, isSigningRequired: true },
  'only-3.1.1': { dialect: '3.1.1', signing: 'AES-GMAC', isEncrypted: false, isSigningRequired: true },
  encrypted: { dialect: '3.1.1', isEncrypted: true },
  'at-most-3.0': { dialect: '3.0', signing: 'AES-CMAC', isEncrypted: false, isSigningRequired: true },
  'at-most-3.0.2': { dialect: '3.0.2', cipher: 'AES-128-CCM', isEncrypted: true },
};

async function smallFiles(files: SmbFiles, folder: string): Promise<void> {
  got(await files.makeFolder('jobs', NEVER));
  got(await files.makeFolder('jobs', NEVER));
  got(await files.write('jobs/ä b.txt', Buffer.from('first'), { isReplacing: false }, NEVER));
  const again = await files.write('jobs/ä b.txt', Buffer.from('second'), { isReplacing: false }, NEVER);
  expect(faultOf(again)).toBe('already-there');
  expect(readFileSync(path.join(folder, 'jobs/ä b.txt'), 'utf8')).toBe('first');
  got(await files.write('jobs/ä b.txt', Buffer.from('third'), { isReplacing: true }, NEVER));
  expect(Buffer.from(got(await files.read('jobs\\ä b.txt', 100, NEVER))).toString()).toBe('third');
  expect(faultOf(await files.read('jobs/ä b.txt', 4, NEVER))).toBe('too-large');
  expect(got(await files.stat('jobs/ä b.txt', NEVER))).toMatchObject({
    name: 'ä b.txt',
    sizeBytes: 5,
    isFolder: false,
  });
  got(await files.write('jobs/empty', new Uint8Array(), { isReplacing: false }, NEVER));
  expect(got(await files.read('jobs/empty', 0, NEVER))).toHaveLength(0);
  const { found, end } = await entriesOf(files.list('jobs', { maxEntries: 10 }, NEVER));
  expect(new Map(found.map(({ name, sizeBytes }) => [name, sizeBytes]))).toEqual(
    new Map([
      ['empty', 0],
      ['ä b.txt', 5],
    ]),
  );
  expect(end.ok).toBe(true);
  expect(readdirSync(path.join(folder, 'jobs'))).toHaveLength(2);
}

async function claims(files: SmbFiles): Promise<void> {
  got(await files.makeFolder('claimed', NEVER));
  got(await files.rename('jobs/ä b.txt', 'claimed/1', { isReplacing: false }, NEVER));
  expect(faultOf(await files.rename('jobs/ä b.txt', 'claimed/2', { isReplacing: false }, NEVER))).toBe('no-such-file');
  expect(faultOf(await files.rename('jobs/empty', 'claimed/1', { isReplacing: false }, NEVER))).toBe('already-there');
  expect(faultOf(await files.remove('claimed', NEVER))).toBe('not-empty');
  expect(faultOf(await files.read('claimed', 10, NEVER))).toBe('is-folder');
  expect(faultOf(await files.stat('nowhere/x', NEVER))).toBe('no-such-file');
  expect(faultOf(await files.stat('../etc/passwd', NEVER))).toBe('bad-name');
  got(await files.remove('claimed/1', NEVER));
  got(await files.remove('claimed', NEVER));
  got(await files.remove('jobs/empty', NEVER));
  got(await files.remove('jobs', NEVER));
}

async function streams(files: SmbFiles, folder: string): Promise<void> {
  const content = randomBytes(5_300_007);
  const told: number[] = [];
  const up = got(
    await files.upload('big', chunksOf(content), { onProgress: ({ doneBytes }) => void told.push(doneBytes) }, NEVER),
  );
  expect(up).toEqual({ sizeBytes: content.length, sha256: sha256(content) });
  expect(told.at(-1)).toBe(content.length);
  expect(sha256(readFileSync(path.join(folder, 'big')))).toBe(up.sha256);
  const down: Buffer[] = [];
  const sink = (chunk: Uint8Array) => void down.push(Buffer.from(chunk));
  expect(got(await files.download('big', sink, { maxBytes: content.length }, NEVER))).toEqual(up);
  expect(Buffer.concat(down).equals(content)).toBe(true);
  const wrong = await files.upload('big', chunksOf(content), { sha256: '0'.repeat(64) }, NEVER);
  expect(faultOf(wrong)).toBe('hash-differs');
  expect(readdirSync(folder)).toEqual(['big']);
  got(await files.remove('big', NEVER));
}

// At once: most of it is waiting for six servers.
test.concurrent.for(Object.keys(SMBD_SETTINGS) as SmbdSetting[])(
  'smbd with %s: all that the port promises, on a share and on an encrypted one',
  async (setting, context) => {
    const peer = await startSmbd(setting);
    context.onTestFinished(() => peer.stop());
    const connection = got(await connectTo(peer));
    expect(connection.facts).toMatchObject(EXPECTED[setting]);
    for (const share of ['files', 'sealed']) {
      const files = got(await connection.tree(share, NEVER));
      expect(files.isEncrypted).toBe(share === 'sealed' || connection.facts.isEncrypted);
      await smallFiles(files, peer.folder);
      await claims(files);
      await streams(files, peer.folder);
    }
    expect(faultOf(await connection.tree('nowhere', NEVER))).toBe('no-such-share');
    connection.close();
    expect(connection.isOpen).toBe(false);
  },
);

test('changes are told as they happen, a stop ends the watch, and the connection goes on', async () => {
  const peer = await started('signing');
  const { connection, files } = await filesOf(peer, 'sealed');
  got(await files.makeFolder('jobs', NEVER));
  const stop = new AbortController();
  const watch = files.watch('jobs', { isDeep: false }, stop.signal);
  let isTold = false;
  const first = watch.next().finally(() => {
    isTold = true;
  });
  // Samba's helper begins to look some milliseconds after it was asked.
  for (let n = 0; !isTold; n += 1) {
    writeFileSync(path.join(peer.folder, 'jobs', `${n}.job`), 'x');
    got(await files.stat('jobs', NEVER));
  }
  expect((await first).value).toContainEqual({ kind: 'added', name: expect.stringMatching(/^\d+\.job$/) });
  const rest = entriesOf(watch);
  stop.abort();
  expect(faultOf((await rest).end)).toBe('cancelled');
  got(await files.remove('jobs/0.job', NEVER));
  connection.close();
});

test('a broken upload is gone on from, and only what is missing is sent', async () => {
  const peer = await started('signing');
  const { files, connection } = await filesOf(peer);
  const content = randomBytes(24_000_000);
  const stop = new AbortController();
  const onProgress = ({ doneBytes }: { doneBytes: number }) => {
    if (doneBytes > 20_000_000) stop.abort();
  };
  const options = { isResumable: true, sizeBytes: content.length, sha256: sha256(content) };
  const broken = await files.upload('big', chunksOf(content), { ...options, onProgress }, stop.signal);
  expect(faultOf(broken)).toBe('cancelled');
  expect(existsSync(path.join(peer.folder, 'big'))).toBe(false);
  const told: number[] = [];
  const rest = { ...options, onProgress: ({ doneBytes }: { doneBytes: number }) => void told.push(doneBytes) };
  expect(got(await files.upload('big', chunksOf(content), rest, NEVER)).sha256).toBe(options.sha256);
  // More than the first piece: something was kept.
  expect(told[0]).toBeGreaterThan(2_097_152);
  expect(sha256(readFileSync(path.join(peer.folder, 'big')))).toBe(options.sha256);
  // And down again in two parts.
  const hash = createHash('sha256').update(content.subarray(0, 7_000_000));
  const from = { offset: 7_000_000, hash };
  const down = await files.download('big', () => undefined, { maxBytes: 1e8, from, sha256: options.sha256 }, NEVER);
  expect(got(down).sha256).toBe(options.sha256);
  connection.close();
});

test('a source that falls silent holds up neither a stop nor the news that the server is gone', async () => {
  const peer = await started('signing');
  const { files } = await filesOf(peer);
  /** One piece, then nothing for ever. */
  const silent = (onSilent: () => void) => {
    let isFirst = true;
    const read = (into: Uint8Array) => {
      if (!isFirst) onSilent();
      const next = isFirst ? Promise.resolve(into.length) : new Promise<number>(() => undefined);
      isFirst = false;
      return next;
    };
    return { read };
  };
  const stop = new AbortController();
  const stopped = files.upload(
    'stopped',
    silent(() => stop.abort()),
    {},
    stop.signal,
  );
  expect(faultOf(await stopped)).toBe('cancelled');
  const lost = files.upload(
    'lost',
    silent(() => peer.killConnections()),
    {},
    NEVER,
  );
  expect(faultOf(await lost)).toBe('lost');
});

test('a wrong password is one logon failure; a guest login, and a dialect below the policy, are refused', async () => {
  const peer = await started('defaults', ['map to guest = Bad User']);
  let offers = 0;
  const onOffer = () => {
    offers += 1;
  };
  expect(await connectTo({ ...peer, port: peer.port, user: peer.user, password: 'wrong' }, { onOffer })).toMatchObject({
    reason: 'denied',
    fault: 'logon-failure',
  });
  expect(offers).toBe(1);
  const guest = await connectTo({ port: peer.port, user: 'nobody-knows-me', password: 'x' });
  expect(faultOf(guest)).toBe('guest-session');
  const old = await started('at-most-3.0');
  const login = { port: old.port, user: old.user, password: old.password };
  const policy = { minimumDialect: '3.1.1' as const };
  expect(faultOf(await connectTo(login, { policy, onOffer }))).toBe('dialect-too-old');
  expect(offers).toBe(1);
});

test('the posture is read without a login', async () => {
  const strict = await started('only-3.1.1');
  const target = { name: 'peer', host: '127.0.0.1', port: strict.port };
  expect(await probePosture(target, smbDeps(), NEVER)).toEqual({
    ok: true,
    value: { dialects: ['3.1.1'], isSigningRequired: true, cipher: 'AES-128-GCM', signing: 'AES-GMAC', hasSmb1: false },
  });
  const lax = await started('defaults', ['server min protocol = NT1']);
  const found = await probePosture({ ...target, port: lax.port }, smbDeps(), NEVER);
  expect(found).toMatchObject({ ok: true, value: { hasSmb1: true, isSigningRequired: false } });
  expect(found.ok && found.value.dialects).toEqual(['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1']);
});
