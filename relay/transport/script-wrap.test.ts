// The wrapper keeps its promises under every shell that may stand behind /bin/sh.
import { spawn, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { MarkerGate, newNonce, wrapScript } from './script-wrap.ts';

const nonce = newNonce(seededBytes(1));
const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['mksh']].filter(
  ([shell = '']) => spawnSync(shell, ['-c', ':']).error === undefined,
);

/** Runs a wrapped script with stdin held open, as a transport does. */
function run(shell: string[], script: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const [file = '', ...args] = shell;
  const child = spawn(file, [...args, '-s'], { detached: true });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.write(wrapScript(script, nonce));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      child.stdin.destroy();
      resolve({ code, stdout, stderr: stderr.replaceAll(String(child.pid), 'PID') });
    });
  });
}

test.each(SHELLS)('%s runs the script with its quotes, code and outputs', async (...shell) => {
  const ran = await run(shell, `echo "it's \\$HOME"; echo 'two\nlines' >&2; exit 9`);
  expect(ran.stdout).toMatch(new RegExp(`^${nonce} \\d+\\nit's \\$HOME\\n$`));
  expect(ran.stderr).toBe(`${nonce} PID\ntwo\nlines\n`);
  expect(ran.code).toBe(9);
});

test.each(SHELLS)(
  '%s: a script that reads stdin finds it empty, and wait waits for its own children only',
  async (...shell) => {
    const ran = await run(shell, 'cat; sleep 0.01 & wait; echo end');
    expect(ran.stdout.endsWith('\nend\n')).toBe(true);
  },
);

test.each(SHELLS)('%s: a syntax error fails after the marker, not before', async (...shell) => {
  const ran = await run(shell, 'if; then }');
  expect(ran.stdout).toContain(nonce);
  expect(ran.code).not.toBe(0);
});

test.each(SHELLS)('%s: when stdin ends, the whole group ends', async (...shell) => {
  const [file = '', ...args] = shell;
  const nap = `8${process.pid}.${SHELLS.findIndex(([name]) => name === file)}`;
  const child = spawn(file, [...args, '-s'], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise<string | null>((resolve) => {
    child.on('exit', (_code, signal) => resolve(signal));
  });
  child.stdin.write(wrapScript(`sleep ${nap} & sleep ${nap}`, nonce));
  const count = () => spawnSync('pgrep', ['-fc', `^sleep ${nap}$`], { encoding: 'utf8' }).stdout.trim();
  await expect.poll(count).toBe('2');
  child.stdin.end();
  expect(await ended).toBe('SIGTERM');
  await expect.poll(count).toBe('0');
});

test('text before the marker is dropped, however it is cut into chunks', () => {
  const all = Buffer.from(`motd\r\nno newline${nonce} 4711\r\nout`);
  for (let cut = 1; cut < all.length; cut += 1) {
    const gate = new MarkerGate(nonce);
    const parts = [gate.push(all.subarray(0, cut)), gate.push(all.subarray(cut))];
    expect(Buffer.concat(parts.map((part) => part ?? Buffer.alloc(0))).toString()).toBe('out');
    expect(gate.group).toBe(4711);
  }
});

test.each(['0', '1', '-1', 'x', '99999999999999999999'])('a group announced as %s is never a target', (group) => {
  const gate = new MarkerGate(nonce);
  gate.push(Buffer.from(`${nonce} ${group}\n`));
  expect(gate.isOpen).toBe(true);
  expect(gate.group).toBeUndefined();
});

test('a greeting without end is a flood', () => {
  const gate = new MarkerGate(nonce);
  expect(gate.push(Buffer.alloc(65_000, 'a'))).toHaveLength(0);
  expect(gate.push(Buffer.alloc(1_000, 'a'))).toBeUndefined();
});
