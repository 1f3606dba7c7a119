// The shell texts we send are clean for shellcheck, and the kill script does its work under every shell.
import { spawn, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { identityScript } from './host-identity-script.ts';
import { isGroupAlive } from './local/process-group.ts';
import { newNonce, wrapScript } from './script-wrap.ts';
import { killScript } from './ssh/kill-script.ts';

const nonce = newNonce(seededBytes(4));

test.each([
  ['identity', identityScript(nonce)],
  ['kill', killScript(4_711)],
  ['wrapper', wrapScript('echo hello', nonce)],
])('shellcheck finds nothing in the %s script', (_name, script) => {
  const ran = spawnSync('shellcheck', ['--shell=sh', '--severity=warning', '-'], { input: script, encoding: 'utf8' });
  expect(ran.stdout).toBe('');
  expect(ran.status).toBe(0);
});

test.each([['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['mksh']])(
  '%s: the kill script ends a group that ignores TERM and says when it is gone',
  async (...shell) => {
    const [file = '', ...args] = shell;
    const group = spawn('/bin/sh', ['-c', "trap '' TERM; while :; do sleep 1; done"], {
      detached: true,
      stdio: 'ignore',
    });
    const pid = group.pid ?? 0;
    await expect.poll(() => isGroupAlive(pid)).toBe(true);
    const killer = spawn(file, [...args, '-s'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = new Promise<number | null>((resolve) => {
      killer.on('exit', resolve);
    });
    killer.stdin.end(killScript(pid));
    expect(await ended).toBe(0);
    expect(isGroupAlive(pid)).toBe(false);
  },
);

test('a group that is gone already is gone', () => {
  expect(spawnSync('/bin/sh', ['-s'], { input: killScript(2 ** 22 - 1) }).status).toBe(0);
});
