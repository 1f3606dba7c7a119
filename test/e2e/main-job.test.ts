// The main job as a newcomer meets it: start, see this machine live, run a command, stop, start again with the data kept.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NODE_FLAGS } from '#shared/runtime/node-flags.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { processesNaming, type RunningUp, startUp } from './running-up.ts';

const run = promisify(execFile);
const folder = makeTempFolder('rmm-main-job');
let up: RunningUp;

beforeAll(async () => {
  up = await startUp(folder.path, [], 'sources');
}, 200_000);

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

const rmm = (...words: string[]) => run(process.execPath, ['--import', 'tsx', 'rmm.ts', ...words], { cwd: PROJECT });
const readings = async () => {
  const { items } = await up.api.devices.list({});
  return items[0];
};

const SHOWN = [
  'cpu.used_ratio',
  'memory.used_ratio',
  'filesystem.used_ratio',
  'disk.read_rate',
  'network.rx_rate',
  'load.1',
  'system.uptime',
];

test('within 15 s of "console ready" this machine shows cpu, memory, disk, network, load and uptime', async () => {
  const known = async () => (await readings())?.latest.filter((r) => r.value !== null).map((r) => r.name) ?? [];
  await expect.poll(known, { timeout: 15_000, interval: 500 }).toEqual(expect.arrayContaining(SHOWN));
  const device = await readings();
  expect(device).toMatchObject({ name: hostname(), status: 'up', system: 'linux', transport: 'local' });
});

test('a signed command runs on this machine and its outcome is stored', async () => {
  const { stdout } = await rmm('run', '--data', folder.path, '--json', hostname(), '--', 'echo from-the-relay; exit 0');
  const { outcomes } = JSON.parse(stdout);
  expect(outcomes).toMatchObject([{ state: 'succeeded', exitCode: 0, stdout: 'from-the-relay\n' }]);
});

test('the link works once', async () => {
  const secret = up.link.split('#')[1] ?? '';
  const origin = new URL(up.link).origin;
  const post = () =>
    fetch(`${origin}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret }),
    });
  const first = await post();
  expect(first.status).toBe(200);
  expect(first.headers.get('set-cookie')).toMatch(/^rmm=.*HttpOnly; SameSite=Strict/);
  expect((await post()).status).toBe(401);
});

test('no program of it makes code of a text, or reaches a prototype by a name', async () => {
  const pids = await processesNaming(folder.path);
  const commandOf = (pid: number) => readFile(`/proc/${pid}/cmdline`, 'utf8').then((text) => text.split('\0'));
  const programs = (await Promise.all(pids.map(commandOf))).filter(
    (words) => words.includes('console') || words.includes('relay'),
  );
  expect(programs.length).toBeGreaterThanOrEqual(2);
  for (const words of programs) expect(words).toEqual(expect.arrayContaining([...NODE_FLAGS]));
  const logs = await Promise.all(
    (await readdir(path.join(folder.path, 'logs'))).map((f) => readFile(path.join(folder.path, 'logs', f), 'utf8')),
  );
  for (const log of logs) expect(log).not.toContain('without the flags');
});

test('the relay listens on nothing', async () => {
  const relays = await processesNaming(path.join(folder.path, 'relay'));
  const { stdout } = await run('ss', ['-ltnupH']);
  const listening = stdout.split('\n').filter((line) => relays.some((pid) => line.includes(`pid=${pid},`)));
  expect(relays.length).toBeGreaterThan(0);
  expect(listening).toEqual([]);
});

test('no secret stands in a log or a command line', async () => {
  const profile = JSON.parse(await readFile(path.join(folder.path, 'cli', 'profile.json'), 'utf8'));
  const secrets = [profile.token, up.link.split('#')[1] ?? ''];
  const logs = await Promise.all(
    (await readdir(path.join(folder.path, 'logs'))).map((f) => readFile(path.join(folder.path, 'logs', f), 'utf8')),
  );
  for (const secret of secrets) {
    expect(logs.some((log) => log.includes(secret))).toBe(false);
    expect(await processesNaming(secret)).toEqual([]);
  }
});

test('Ctrl-C stops all within 5 s and leaves nothing; a second start keeps the data', async () => {
  const before = (await up.api.devices.list({})).items.map((d) => d.id);
  const stopped = await up.stop();
  expect(stopped).toMatchObject({ code: 0 });
  expect(stopped.ms).toBeLessThan(5_000);
  expect(await processesNaming(folder.path)).toEqual([]);
  up = await startUp(folder.path, [], 'sources');
  expect((await up.api.devices.list({})).items.map((d) => d.id)).toEqual(before);
  expect((await up.stop()).code).toBe(0);
}, 200_000);
