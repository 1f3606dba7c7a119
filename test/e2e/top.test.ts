// `rmm top` as people use it over ssh: in a terminal of 80x24, driven key by key through tmux.
import { execFile } from 'node:child_process';
import { hostname } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROJECT } from '#test/architecture/source-files.ts';
import { ensureBundles } from '#test/chaos/bundles.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { type RunningUp, startUp } from './running-up.ts';

const run = promisify(execFile);
const folder = makeTempFolder('rmm-top');
const LAB = 30;
const own = hostname();
let up: RunningUp;

/** A server of our own: no other tmux of this machine is seen or touched. */
const tmux = (...words: string[]) => run('tmux', ['-S', path.join(folder.path, 'tmux'), '-f', '/dev/null', ...words]);
const screen = async () => (await tmux('capture-pane', '-p', '-t', 'top')).stdout.split('\n');
const press = (...keys: string[]) => tmux('send-keys', '-t', 'top', ...keys);
/** Says the whole screen when it never comes: the matcher's own message shows its first 40 characters. */
async function shows(what: string | RegExp): Promise<void> {
  let last = '';
  const read = async () => {
    last = (await screen()).join('\n');
    return last;
  };
  await expect
    .poll(read)
    .toMatch(what)
    .catch((cause: unknown) => {
      throw new Error(`${what} is not on the screen:\n${last}`, { cause });
    });
}

beforeAll(async () => {
  up = await startUp(path.join(folder.path, 'data'), ['--lab', String(LAB)]);
  const { rmm } = await ensureBundles(() => undefined);
  const words = `${process.execPath} ${rmm} top --data ${path.join(folder.path, 'data')}`;
  await tmux(
    'new-session',
    '-d',
    '-s',
    'top',
    '-x',
    '80',
    '-y',
    '24',
    '-c',
    PROJECT,
    `${words}; echo left with $?; cat`,
  );
}, 300_000);

afterAll(async () => {
  await tmux('kill-server').catch(() => undefined); // it is gone when the last test ended it
  await up.stop();
  await folder[Symbol.asyncDispose]();
});

test('the first screen: how many are up, the menu, the fleet, the keys; nothing wider than 80 columns', async () => {
  await shows(`${LAB + 1}/${LAB + 1} up`);
  const rows = await screen();
  expect(rows[1]).toMatch(/1 Overview.*8 Audit/);
  expect(rows[2]).toMatch(/NAME\s+STATUS\s+SITE\s+CPU/);
  expect(rows[23]).toContain('q leave');
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(80);
});

test('values change by themselves', async () => {
  const cpu = async () => (await screen()).slice(3, 20).join('\n');
  const before = await cpu();
  await expect.poll(cpu, { timeout: 60_000 }).not.toBe(before);
});

test('j moves, G goes to the last, g to the first', async () => {
  await press('j', 'j');
  await shows(`3 of ${LAB + 1}`);
  await press('G');
  await shows(`${LAB + 1} of ${LAB + 1}`);
  await press('g');
  await shows(`1 of ${LAB + 1}`);
});

test('a filter narrows the list, a wrong one says where it is wrong', async () => {
  await press('/');
  await press('-l', `name=${own}`);
  await press('Enter');
  await shows('1 of 1');
  await press('Escape', '/');
  await press('-l', 'colour:red');
  await press('Enter');
  await shows('colour');
  await press('Escape');
  await shows(`of ${LAB + 1}`);
});

test('s orders by the busiest, Enter opens a device, Escape comes back', async () => {
  await press('s');
  // The place in the list stands once the list in its new order is there.
  await shows(new RegExp(`1 of ${LAB + 1} .*by -cpu`));
  await press('Enter');
  await shows(/cpu\.used_ratio\s+\d/);
  await press('Escape');
  await shows('by -cpu');
});

test.each([
  ['1', /WHAT IS WORST/],
  ['4', /SITE\s+CUSTOMER/],
  ['5', /RELAY\s+SITE\s+LINK/],
  ['6', /GROUP\s+KIND/],
  ['7', /WHAT\s+WHEN\s+STATE/],
  ['8', /WHAT\s+AT\s+WHO/],
  ['3', /nothing here|NAME\s+STATUS/],
])('%s opens its view', async (key, titles) => {
  await press(key);
  await shows(titles);
});

test('a smaller window is drawn anew and still readable', async () => {
  await tmux('resize-window', '-t', 'top', '-x', '60', '-y', '16');
  await press('2');
  await shows(/NAME\s+STATUS/);
  expect(Math.max(...(await screen()).map((row) => row.length))).toBeLessThanOrEqual(60);
});

test('q leaves, and the terminal is as it was', async () => {
  await press('q');
  await shows('left with 0');
});
