// Proves the relay's verbs as a person types them: as root for a service's folder, with keys that have a passphrase.
import { execFile, spawn } from 'node:child_process';
import { chownSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { formatToken, newSecret } from '#shared/crypto/token.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';

const run = promisify(execFile);
const MAIN = path.resolve('relay/main.ts');

/** Gives exit code and everything printed. */
function rmm(args: readonly string[], input = '', env = {}): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    stdio: 'pipe',
    env: { ...process.env, ...env },
  });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stderr.on('data', (part: Buffer) => parts.push(part));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text: Buffer.concat(parts).toString('utf8') }));
  });
}

const NOBODY = 65_534;

test.runIf(process.getuid?.() === 0)('what root stores in a folder of a service belongs to the service', async () => {
  await using folder = makeTempFolder('rmm-verbs');
  const data = path.join(folder.path, 'data');
  chownSync(folder.path, NOBODY, NOBODY);
  await run('install', ['-d', '-m', '0700', '-o', String(NOBODY), '-g', String(NOBODY), data]);
  const add = ['relay', 'credential', 'add', 'lan', '--user', 'monitor', '--data', data, '--password-stdin'];
  expect(await rmm([...add, '--ranges', '10.0.0.0/8'], 'x')).toEqual({ code: 0, text: 'stored lan\n' });
  const { uid, gid, mode } = statSync(path.join(data, 'credentials', 'lan.json'));
  expect({ uid, gid, mode: mode & 0o777 }).toEqual({ uid: NOBODY, gid: NOBODY, mode: 0o600 });
});

test('a key with a passphrase is opened once and stored without it', async () => {
  await using folder = makeTempFolder('rmm-verbs');
  const key = path.join(folder.path, 'key');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'open sesame', '-f', key]);
  const add = ['relay', 'credential', 'add', 'lan', '--user', 'monitor', '--data', folder.path, '--key-file', key];
  const without = await rmm(add);
  expect(without.code).toBe(1);
  expect(without.text).toMatch(/passphrase/);
  expect(await rmm([...add, '--passphrase-stdin'], 'open sesame\n')).toEqual({ code: 0, text: 'stored lan\n' });
  expect(readFileSync(path.join(folder.path, 'credentials', 'lan.json'), 'utf8')).not.toMatch(/sesame|ENCRYPTED/);
});

test('enrolment takes the way through the proxy that the environment names', async () => {
  await using folder = makeTempFolder('rmm-verbs');
  const asked: string[] = [];
  const proxy = http.createServer();
  proxy.on('connect', (request, socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo; // a TCP server that listens has such an address
  const token = formatToken({
    url: 'https://console.example.net:8443',
    authority: 'a'.repeat(64),
    id: '01a203bf-381a-7d2d-8074-8c94ab8c15a5',
    secret: newSecret(),
  });
  const enroll = ['relay', 'enroll', '--data', folder.path, '--owner', 'x', '--token-stdin'];
  const { code, text } = await rmm(enroll, token, { HTTPS_PROXY: `http://me:it@127.0.0.1:${port}`, NO_PROXY: '' });
  expect(code).toBe(1);
  expect(asked[0]).toBe(`console.example.net:8443 Basic ${btoa('me:it')}`);
  expect(text).not.toContain(token);
});

test('what a login is for is stored with it and shown, never the secret; a place that is none is refused', async () => {
  await using folder = makeTempFolder('rmm-verbs');
  const add = ['relay', 'credential', 'add', 'lan', '--user', 'monitor', '--data', folder.path, '--password-stdin'];
  const unplaced = await rmm(add, 'canary-tiger');
  expect(unplaced).toMatchObject({ code: 0, text: expect.stringContaining('without --ranges') });
  const wrong = await rmm([...add, '--ranges', '10.0.0.0/33'], 'canary-tiger');
  expect(wrong).toMatchObject({ code: 1, text: expect.stringContaining('address range') });
  const bound = ['--purpose', 'monitor', '--ranges', '10.0.0.0/8', 'fd00::/8', '--expires', '2027-03-31'];
  expect(await rmm([...add, ...bound], 'canary-tiger')).toEqual({ code: 0, text: 'stored lan\n' });
  const list = await rmm(['relay', 'credential', 'list', '--data', folder.path]);
  expect(list).toEqual({ code: 0, text: 'lan\tto monitor only, in 10.0.0.0/8, fd00::/8, until 2027-03-31\n' });
});
