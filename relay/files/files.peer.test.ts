// Files of real servers, SFTP of a real sshd and SMB of a real smbd, through the service: everything that is promised, cuts included.
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { RemoteFiles } from '#relay/transport/remote-files.ts';
import { SmbRemote } from '#relay/transport/smb/smb-remote.ts';
import { systemClock } from '#shared/base/clock.ts';
import { CHUNK_BYTES } from '#shared/remote/file-message.ts';
import {
  codeOf,
  downloaded,
  downloadThroughCuts,
  entriesIn,
  serveOver,
  sha256,
  sourceOf,
  uploadThroughCuts,
} from '#test/fixtures/file-kit.ts';
import { connectTo, got } from '#test/fixtures/smb-kit.ts';
import { makeTempFolder, type TempFolder } from '#test/fixtures/temp-folder.ts';
import { type SmbdPeer, startSmbd } from '#test/peers/smbd.ts';
import { makeSshRelay, never, type SshRelay } from '#test/peers/ssh-relay.ts';
import { type SshdPeer, startSshd } from '#test/peers/sshd.ts';
import { ChunkCache } from './chunk-cache.ts';

let sshd: SshdPeer;
let smbd: SmbdPeer;
let temp: TempFolder;
let relay: SshRelay;
beforeAll(async () => {
  temp = makeTempFolder();
  [sshd, smbd] = await Promise.all([startSshd(), startSmbd('signing')]);
  relay = makeSshRelay(temp.path, { user: sshd.user, privateKey: sshd.clientKeyPem });
});
afterAll(async () => {
  await relay.pool.stop();
  await Promise.all([sshd.stop(), smbd.stop()]);
  await temp[Symbol.asyncDispose]();
});

const newCache = () => new ChunkCache({ folder: path.join(temp.path, 'chunks'), clock: systemClock, minFreeBytes: 0 });

interface Peer {
  files: RemoteFiles;
  /** The same folder as the device calls it, and as we see it. */
  there: string;
  here: string;
}

async function overSsh(): Promise<Peer> {
  const here = path.join(temp.path, `sftp-${randomBytes(4).toString('hex')}`);
  mkdirSync(here);
  const session = await relay.session(relay.device(sshd.port));
  let closed = 0;
  const opened = await session.files?.(never, () => {
    closed += 1;
  });
  if (opened?.ok !== true) throw new Error('no files');
  const files = opened.value;
  onTestFinished(() => {
    files.close();
    files.close();
    expect(closed).toBe(1);
  });
  return { files, there: here, here };
}

async function overSmb(): Promise<Peer> {
  const here = path.join(smbd.folder, `smb-${randomBytes(4).toString('hex')}`);
  mkdirSync(here);
  const connection = got(await connectTo(smbd));
  onTestFinished(() => connection.close());
  return { files: new SmbRemote(connection, () => undefined), there: `/files/${path.basename(here)}`, here };
}

const WAYS = { SFTP: overSsh, SMB: overSmb } as const;
const EACH = Object.keys(WAYS) as (keyof typeof WAYS)[];

test.each(EACH)('%s: folders are listed, looked at, made, renamed and removed', async (way) => {
  const { files, here, there } = await WAYS[way]();
  const { client } = serveOver(files, newCache(), there);
  for (let at = 0; at < 500; at += 1) writeFileSync(path.join(here, `file ${at} ä`), 'x'.repeat(at));
  mkdirSync(path.join(here, 'folder'));
  const found = await entriesIn(client, '');
  expect(found).toHaveLength(501);
  expect(found.find(({ name }) => name === 'folder')?.kind).toBe('folder');
  const one = found.find(({ name }) => name === 'file 499 ä');
  expect(one).toMatchObject({ kind: 'file', sizeBytes: 499 });
  expect(Math.abs((one?.changedAt ?? 0) - statSync(path.join(here, 'file 499 ä')).mtimeMs)).toBeLessThan(2_000);
  expect(await codeOf(client.list('file 1 ä', () => undefined))).toBe('not-a-folder');
  expect(await codeOf(client.list('nowhere', () => undefined))).toBe('not-found');
  expect(await codeOf(downloaded(client, 'folder'))).toBe('is-folder');
  await client.makeFolder('folder/new');
  expect(await codeOf(client.makeFolder('folder/new'))).toBe('already-there');
  await client.rename('file 1 ä', 'folder/new/1');
  expect(await codeOf(client.rename('file 2 ä', 'folder/new/1'))).toBe('already-there');
  await client.rename('file 2 ä', 'folder/new/1', true);
  expect((await client.stat('folder/new/1')).sizeBytes).toBe(2);
  expect(await codeOf(client.remove('folder/new'))).toBe('not-empty');
  await client.remove('folder/new/1');
  await client.remove('folder/new');
  expect(readdirSync(path.join(here, 'folder'))).toEqual([]);
});

test.each(EACH)('%s: a file goes up and down with equal hashes, also after 5 cuts each way', async (way) => {
  const { files, here, there } = await WAYS[way]();
  const cache = newCache();
  const content = randomBytes(12 * CHUNK_BYTES + 4_321);
  const open = () => serveOver(files, cache, there);
  const up = await uploadThroughCuts(open, 'big.bin', content, 5);
  expect(up.cutsLeft).toBe(0);
  expect(up.result).toEqual({ sizeBytes: content.length, sha256: sha256(content).digest('hex') });
  expect(readFileSync(path.join(here, 'big.bin')).equals(content)).toBe(true);
  expect(readdirSync(here)).toEqual(['big.bin']);
  // Four chunks may be on their way at each cut.
  expect(up.sentBytes).toBeLessThan(content.length + 5 * 5 * CHUNK_BYTES);
  const down = await downloadThroughCuts(open, 'big.bin', content.length, 5);
  expect(down.cutsLeft).toBe(0);
  expect(down.content.equals(content)).toBe(true);
  expect(down.whole).toBe(up.result.sha256);
  const { client } = open();
  const part = await downloaded(client, 'big.bin', content.length - 10);
  expect(part.content.equals(content.subarray(-10))).toBe(true);
});

test.each(EACH)(
  '%s: a link out of the folder of the session leads nowhere, and a circle of links ends',
  async (way) => {
    const { files, here, there } = await WAYS[way]();
    const { client } = serveOver(files, newCache(), there);
    symlinkSync('/etc', path.join(here, 'out'));
    symlinkSync('loop', path.join(here, 'loop'));
    // smbd hides what leads out of its share, and what leads nowhere.
    const refused = way === 'SFTP' ? ['outside', 'failed', 'not-found'] : ['outside', 'not-found', 'denied'];
    const asked = [
      () => downloaded(client, 'out/passwd'),
      () => entriesIn(client, 'out'),
      () => client.upload('out/rmm-test', sourceOf(Buffer.from('x'))),
      () => client.makeFolder('out/rmm-test'),
      () => client.remove('out/passwd'),
      () => downloaded(client, 'loop'),
      () => entriesIn(client, 'loop/x'),
    ];
    for (const ask of asked) expect(refused).toContain(await codeOf(ask()));
    expect(existsSync('/etc/rmm-test')).toBe(false);
  },
);

test('SFTP: names that a terminal would obey are only names, those that are no text cannot be asked for', async () => {
  const { files, here, there } = await overSsh();
  const { client } = serveOver(files, newCache(), there);
  const odd = 'a\nb\u001b[2J\u202e.exe';
  writeFileSync(path.join(here, odd), 'odd');
  writeFileSync(Buffer.concat([Buffer.from(`${here}/`), Buffer.from([0xff, 0xfe])]), 'no text');
  const names = (await entriesIn(client, '')).map(({ name }) => name);
  expect(names).toContain(odd);
  const noText = names.find((name) => name !== odd) ?? '';
  expect(await codeOf(client.remove(noText))).toBe('bad-name');
  expect((await downloaded(client, odd)).content.toString()).toBe('odd');
  await client.remove(odd);
  expect(readdirSync(here)).toHaveLength(1);
});

test('SFTP: a file keeps its mode, a new one is for its owner alone, a pipe is not waited for', async () => {
  const { files, here, there } = await overSsh();
  const { client } = serveOver(files, newCache(), there);
  writeFileSync(path.join(here, 'run.sh'), 'old');
  chmodSync(path.join(here, 'run.sh'), 0o755);
  await client.upload('run.sh', sourceOf(Buffer.from('new')));
  await client.upload('fresh', sourceOf(Buffer.from('x')));
  expect(statSync(path.join(here, 'run.sh')).mode & 0o777).toBe(0o755);
  expect(statSync(path.join(here, 'fresh')).mode & 0o777).toBe(0o600);
  // A link is replaced, not written through.
  writeFileSync(path.join(here, 'target'), 'kept');
  symlinkSync('target', path.join(here, 'link'));
  await client.upload('link', sourceOf(Buffer.from('y')));
  expect(readFileSync(path.join(here, 'target'), 'utf8')).toBe('kept');
  expect(lstatSync(path.join(here, 'link')).isSymbolicLink()).toBe(false);
  expect(await codeOf(downloaded(serveOver(files, newCache()).client, '/dev/null'))).toBe('unsupported');
});
