// Proves that the shells complete the verbs as they are declared: bash runs its script, fish and zsh where they are installed.
import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { completionScript, completionTree } from './completion-command.ts';

function program(): Command {
  const root = new Command('rmm');
  const device = root.command('device');
  device.command('list [filter...]').option('--sort <field>', 'order');
  device.command('show <device>');
  root.command('doctor').option('--json', 'one value');
  return root;
}

test('the tree holds each verb with its words and options', () => {
  expect(Object.fromEntries(completionTree(program()))).toMatchObject({
    '': { words: ['device', 'doctor'], options: [] },
    device: { words: ['list', 'show'], options: [] },
    'device list': { words: [], options: ['--sort'] },
  });
});

/** What bash would offer for the last word of a line. */
function offered(...words: string[]): string[] {
  const script = `${completionScript(program(), 'bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rmm; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

test.each([
  [
    ['rmm', ''],
    ['device', 'doctor', '--help'],
  ],
  [
    ['rmm', 'd'],
    ['device', 'doctor'],
  ],
  [['rmm', 'device', 's'], ['show']],
  [
    ['rmm', 'device', 'list', '--'],
    ['--sort', '--help'],
  ],
  [['rmm', 'device', 'list', 'status:down', '--so'], ['--sort']],
  [['rmm', 'doctor', '--j'], ['--json']],
])('bash offers for %j: %j', (words, expected) => {
  expect(offered(...words)).toEqual(expected);
});

test('fish and zsh get a script that names every verb', () => {
  for (const shell of ['fish', 'zsh'] as const) expect(completionScript(program(), shell)).toContain('device list');
});
