// A command that is copied into a shell runs as what was typed, and as nothing else.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { rmm, shellWord } from './command-text.ts';

test.each(['web-1', 'df -h /', "it's", '$(reboot)', '`id`; rm -rf "/"', 'a\nb', '', '-', '--', '*', "'\\''", 'ü'])(
  'a shell reads %j as one word',
  (text) => {
    expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  },
);

test('a command begins as the README says', () => {
  expect(rmm('run', 'web 1', '--', 'df -h')).toBe("npm run rmm -- run 'web 1' -- 'df -h'");
});
