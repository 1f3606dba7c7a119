// The mini shell answers as a POSIX shell would, for the commands it knows.
import { spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { SimulatedMachine } from './machine.ts';
import { runScript } from './mini-shell.ts';

function shell(signal: AbortSignal = new AbortController().signal) {
  const clock = new FakeClock();
  const machine = new SimulatedMachine({ seed: 1, index: 3, isAudit: false, clock });
  let stdout = '';
  let stderr = '';
  const output = {
    signal,
    stdout: async (chunk: string | Uint8Array) => {
      stdout += String(chunk);
    },
    stderr: async (chunk: string | Uint8Array) => {
      stderr += String(chunk);
    },
  };
  const run = async (script: string) => {
    const code = await runScript(script, { machine, clock, output });
    return { code, stdout, stderr };
  };
  return { run, machine, clock };
}

test.each([
  ['true'],
  ['false'],
  ['echo hello   world'],
  ['echo \'a;b\' "c && d" e\\ f'],
  ['seq 5'],
  ['seq 3 6'],
  ['exit 7'],
  ['false; echo still here'],
  ['false && echo no; echo yes'],
  ['false || echo yes && echo and'],
  ['true || echo no'],
  ['# a comment\necho a # another\necho b#c'],
  ['echo out\necho err >&2\nexit 3\necho never'],
  ['echo a > f; echo b >> f; cat f'],
  ['echo hidden > /dev/null; echo shown'],
  ['true &&\necho next line'],
  ['false\nexit'],
  ['seq 10000'],
])('%j ends and prints as in /bin/sh', async (script) => {
  const real = spawnSync('/bin/sh', ['-s'], { input: script, encoding: 'utf8', cwd: tempFolder(onTestFinished) });
  const { run } = shell();
  expect(await run(script)).toEqual({ code: real.status, stdout: real.stdout, stderr: real.stderr });
});

test('an unknown command is not found, as in /bin/sh', async () => {
  const { run } = shell();
  const { code, stderr } = await run('frobnicate --all');
  expect(code).toBe(127);
  expect(stderr).toContain('frobnicate: not found');
});

test('a marker file counts how often a command ran', async () => {
  const { run, machine } = shell();
  await run('echo x >> /lab/marker');
  await run('echo x >> /lab/marker');
  expect(String(machine.files.get('/lab/marker'))).toBe('x\nx\n');
});

test('sleep takes its time and ends early when the reader goes', async () => {
  const control = new AbortController();
  const { run, clock } = shell(control.signal);
  const first = run('sleep 2; echo done');
  await clock.advance(2_000);
  expect((await first).stdout).toBe('done\n');
  const second = run('sleep 3600; echo never');
  await clock.advance(1_000);
  control.abort(new Error('gone'));
  await expect(second).rejects.toThrow('gone');
});
