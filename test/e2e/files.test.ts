// Files and tunnels through the whole house: command line, console, relay and a real sshd, with cuts, bounds and revocation.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFiles, realmOf, withFiles } from '#console/cli/files-session.ts';
import { download, sourceOf } from '#console/cli/local-file.ts';
import { openSession } from '#console/cli/open-session.ts';
import { startTunnel } from '#console/cli/tunnel-command.ts';
import type { FileEntry } from '#shared/remote/file-message.ts';
import { startProxy } from '#test/chaos/proxy.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { auditRows, outcomesOf } from './composed-site.ts';
import { type TerminalHouse, terminalHouse } from './terminal-rig.ts';

const MEGABYTE = 1_048_576;
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

/** The house behind a line that can be cut, and a folder on either side of it. */
async function cutHouse() {
  const house = await terminalHouse();
  const proxy = await startProxy({
    target: { host: '127.0.0.1', port: Number(new URL(house.estate.url).port) },
    random: () => 0.5,
  });
  onTestFinished(() => proxy.stop());
  const temp = makeTempFolder();
  onTestFinished(() => temp[Symbol.asyncDispose]());
  const [here, there] = ['here', 'there'].map((name) => path.join(temp.path, name));
  if (here === undefined || there === undefined) throw new Error('two folders');
  for (const folder of [here, there]) mkdirSync(folder);
  const console = { ...house.context.console, url: `http://localhost:${proxy.port}` };
  return { ...house, context: { ...house.context, console }, proxy, here, there };
}

const filesOf = (house: Pick<TerminalHouse, 'context' | 'target' | 'relayKey'>, isReadOnly = false) =>
  openFiles(house.context, {
    target: house.target,
    relayKey: house.relayKey,
    isReadOnly,
    reason: 'test',
    timeoutMs: 600_000,
  });

const tunnelOf = (house: Pick<TerminalHouse, 'context' | 'target' | 'relayKey'>, port: number, host?: string) =>
  openSession(house.context, {
    ...{ target: house.target, relayKey: house.relayKey, reason: 'test', timeoutMs: 600_000 },
    args: { kind: 'tunnel', port, idleMs: 600_000, maxBytes: 1024 ** 3, ...(host === undefined ? {} : { host }) },
  });

test('a file goes up and down through five cuts with equal hashes, to ten places over the line once', async () => {
  const house = await cutHouse();
  const { context, here, there, proxy } = house;
  const content = randomBytes(6 * MEGABYTE + 17);
  const local = path.join(here, 'setup.bin');
  writeFileSync(local, content);
  const file = await open(local);
  onTestFinished(() => file.close());
  const source = await sourceOf(file, realmOf(house.context.data));
  let cuts = 5;
  const cutNowAndThen = (doneBytes: number) => {
    if (cuts === 0 || doneBytes < (6 - cuts) * MEGABYTE) return;
    cuts -= 1;
    proxy.cut();
  };
  const session = await filesOf(house);
  const up = await withFiles(context, session, (client) =>
    client.upload(`${there}/0`, source, {
      onNews: ({ stage, doneBytes }) => stage === 'sent' && cutNowAndThen(doneBytes),
    }),
  );
  expect([cuts, up.sha256]).toEqual([0, sha256(content)]);

  const before = proxy.stats().upBytes;
  const again = await filesOf(house);
  await withFiles(context, again, async (client) => {
    for (let at = 1; at < 10; at += 1) await client.upload(`${there}/${at}`, source);
  });
  expect(proxy.stats().upBytes - before).toBeLessThan(0.1 * content.length);
  for (let at = 0; at < 10; at += 1) expect(sha256(readFileSync(path.join(there, String(at))))).toBe(up.sha256);

  cuts = 5;
  const reading = await filesOf(house, true);
  const back = path.join(here, 'back.bin');
  const got = await withFiles(context, reading, (client) => download(client, `${there}/3`, back, cutNowAndThen));
  expect([cuts, got.sha256, sha256(readFileSync(back))]).toEqual([0, up.sha256, up.sha256]);
  expect(readdirSync(here).sort((a, b) => a.localeCompare(b))).toEqual(['back.bin', 'setup.bin']);
  await expect(withFiles(context, await filesOf(house, true), (client) => client.remove(`${there}/3`))).rejects.toThrow(
    'read-only',
  );

  const told = async () => (await auditRows(house.estate)).filter(({ verb }) => verb === 'file.write').length;
  await expect.poll(told, { timeout: 5_000 }).toBe(10);
  await expect
    .poll(async () => (await outcomesOf(house.estate, [session.id]))[0]?.detail, { timeout: 5_000 })
    // Whichever: a good-bye may be on its way when the line is cut for the last time.
    .toMatch(/^(left|nobody came back); 1 changes/);
}, 120_000);

test('a tunnel carries connections to the device, to no host outside the charter, and opens no port at the site', async () => {
  const house = await cutHouse();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const bound = server.address();
  const port = bound === null || typeof bound === 'string' ? 0 : bound.port;
  const tunnel = await startTunnel(house.context, await tunnelOf(house, port), 0);
  const echo = async (content: Buffer) => {
    const socket = connect({ port: tunnel.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.end(content);
    const pieces: Buffer[] = [];
    for await (const piece of socket) pieces.push(piece as Buffer);
    return sha256(Buffer.concat(pieces));
  };
  await expect.poll(() => echo(Buffer.from('x')).catch(() => ''), { timeout: 5_000 }).toBe(sha256(Buffer.from('x')));
  const contents = [1, 2, 3].map((size) => randomBytes(size * 700_001));
  expect(await Promise.all(contents.map(echo))).toEqual(contents.map(sha256));
  house.proxy.cut();
  await expect
    .poll(() => echo(contents[0] ?? Buffer.alloc(0)).catch(() => ''), { timeout: 10_000 })
    .toBe(sha256(contents[0] ?? Buffer.alloc(0)));
  await tunnel.stop();
  expect(await tunnel.over).toBe('closed');
  await expect(tunnelOf(house, port, '127.0.0.1')).rejects.toThrow('charter');
}, 120_000);

test('who may not any more loses files and tunnels within five seconds', async () => {
  const house = await cutHouse();
  const { estate, context, there } = house;
  writeFileSync(path.join(there, 'f'), 'x');
  let entry: FileEntry | undefined;
  let isOpen: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    isOpen = resolve;
  });
  const files = withFiles(context, await filesOf(house), async (client) => {
    entry = await client.stat(`${there}/f`);
    isOpen();
    for (;;) {
      await client.stat(`${there}/f`);
      await context.clock.sleep(50);
    }
  });
  const lost = expect(files).rejects.toThrow(/ended|over|revoked|not be here|token|sign/u);
  const tunnel = await startTunnel(context, await tunnelOf(house, house.sshd.port), 0);
  await opened;
  expect(entry).toMatchObject({ kind: 'file', sizeBytes: 1 });
  const [token] = (await estate.api.tokens.list({})).items.filter(({ isLocal }) => isLocal);
  const began = performance.now();
  await estate.api.tokens.remove({ id: token?.id ?? '' });
  await lost;
  expect(await tunnel.over).not.toBe('closed');
  expect(performance.now() - began).toBeLessThan(5_000);
}, 120_000);
