// A process tree is stopped and continued as one.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { processTree, signalTree } from './process-tree.ts';

const stateOf = (pid: number) => /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];

test('a shell and its child stop and go on together', async () => {
  const shell = spawn('/bin/sh', ['-c', 'echo up; sleep 60; true'], { detached: true });
  const root = shell.pid ?? 0;
  onTestFinished(async () => {
    const ended = once(shell, 'close');
    process.kill(-root, 'SIGKILL');
    await ended;
  });
  await once(shell.stdout, 'data');
  await expect.poll(() => processTree(root).length).toBe(2);
  const tree = processTree(root);
  expect(tree[0]).toBe(root);
  signalTree(root, 'SIGSTOP');
  await expect.poll(() => tree.map(stateOf)).toEqual(['T', 'T']);
  signalTree(root, 'SIGCONT');
  await expect.poll(() => tree.map(stateOf)).toEqual(['S', 'S']);
});
