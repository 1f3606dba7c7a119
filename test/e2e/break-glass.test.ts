// A person at the relay's own machine breaks the glass of a real relay on a terminal, and the console hears of all of it.
import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROJECT } from '#test/architecture/source-files.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { type RunningUp, startUp } from './running-up.ts';

const folder = makeTempFolder('rmm-glass');
const data = path.join(folder.path, 'data');
let up: RunningUp;

beforeAll(async () => {
  up = await startUp(data);
}, 300_000);
afterAll(async () => {
  await up.stop();
  await folder[Symbol.asyncDispose]();
});

interface Said {
  code: number | null;
  text: string;
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** The relay's own command line, on a terminal of its own (util-linux script) or without one. */
function glass(words: readonly string[], typed: string | undefined): Promise<Said> {
  const argv = [process.execPath, path.join(PROJECT, 'build/relay.cjs'), 'relay', 'break-glass', ...words];
  const all = [...argv, '--data', path.join(data, 'relay')];
  const [program = '', ...rest] =
    typed === undefined ? all : ['script', '-qec', all.map(quoted).join(' '), '/dev/null'];
  return new Promise((resolve) => {
    const child = spawn(program, rest, { cwd: PROJECT, stdio: ['pipe', 'pipe', 'pipe'], timeout: 60_000 });
    let text = '';
    let isTyped = false;
    const take = (part: Buffer) => {
      text += part.toString();
      if (isTyped || typed === undefined || !text.includes('to go on:')) return;
      isTyped = true;
      child.stdin.write(`${typed}\n`);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('close', (code) => resolve({ code, text }));
  });
}

const WORDS = 'break the glass';
const open = ['open', '--device', hostname(), '--reason', 'the console burned'];

test('without a terminal, and without the words, nothing is opened', async () => {
  expect(await glass(open, undefined)).toMatchObject({ code: 1, text: expect.stringContaining('at a terminal') });
  expect((await glass(open, 'yes')).text).toContain('nothing was done');
  expect((await glass(['run', 'true', '--device', hostname()], WORDS)).text).toContain('not broken');
}, 120_000);

test('opened, run, seen at the console as a critical event, on its relay, in the audit and among the actions, closed', async () => {
  const opened = await glass(open, WORDS);
  expect(opened.text).toContain('BREAK-GLASS');
  expect(opened.text).toContain('THE GLASS IS BROKEN until');
  const ran = await glass(['run', 'echo seen-by-the-relay', '--device', hostname()], WORDS);
  expect(ran.text).toContain('seen-by-the-relay');
  const relays = async () =>
    (await up.api.relays.list()).items.map(({ health }) => health?.breakGlassUntil !== undefined);
  await expect.poll(relays, { timeout: 20_000 }).toEqual([true]);
  const verbs = async () => (await up.api.audit.list({ limit: 100 })).items.map(({ verb }) => verb);
  await expect
    .poll(verbs, { timeout: 20_000 })
    .toEqual(expect.arrayContaining(['break-glass.open', 'break-glass.run']));
  const actions = async () =>
    (await up.api.actions.list({ limit: 10 })).items.map(({ origin, state }) => [origin?.split(':')[0], state]);
  await expect.poll(actions, { timeout: 20_000 }).toEqual([['break-glass', 'settled']]);
  expect((await glass(['close'], '')).text).toContain('closed');
  await expect.poll(relays, { timeout: 20_000 }).toEqual([false]);
}, 180_000);
