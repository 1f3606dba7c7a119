// A file becomes a version: its shell, its name, what stands beside it, and what it says next time.
import { expect, test } from 'vitest';
import { newId, ScriptId } from '#shared/base/id.ts';
import { draftScript, isSameScript, scriptName, shellOf, specOf } from './script-draft.ts';

const place = { id: ScriptId.parse(newId(1)), version: 1 };

test.each([
  ['a.sh', 'x', 'sh'],
  ['a.sh', '#!/usr/bin/env bash\nx', 'bash'],
  ['a', '#!/usr/bin/python3.11\nx', 'python3'],
  ['a', '#!/bin/sh\nx', 'sh'],
  ['A.PS1', 'x', 'powershell'],
  ['a.bat', 'x', 'cmd'],
  ['README.md', 'x', undefined],
])('%s is a script of %s', (file, text, shell) => {
  expect(shellOf(file, text)).toBe(shell);
});

test('it is called as its file without the ending, and keeps what was said of it', () => {
  expect(scriptName('net/restart.dns.sh')).toBe('net/restart.dns');
  const first = draftScript({ file: 'a.sh', text: 'echo 1\r\n', spec: { timeoutS: 9, vars: ['TOKEN'] } }, place);
  expect(first).toMatchObject({ name: 'a', shell: 'sh', text: 'echo 1\n', timeoutS: 9, vars: ['TOKEN'] });
  const next = draftScript({ file: 'a.sh', text: 'echo 1\n', spec: specOf(first) }, { ...place, version: 2 });
  expect(isSameScript(first, next)).toBe(true);
  expect(isSameScript(first, { ...next, timeoutS: 10 })).toBe(false);
});

test.each([
  ['a parameter that a shell reads itself', { parameters: [{ name: 'PATH', type: 'text' as const }] }],
  [
    'a parameter twice',
    {
      parameters: [
        { name: 'A', type: 'text' as const },
        { name: 'A', type: 'flag' as const },
      ],
    },
  ],
  ['a parameter that is a variable too', { parameters: [{ name: 'A', type: 'text' as const }], vars: ['A'] }],
  ['a choice of nothing', { parameters: [{ name: 'A', type: 'choice' as const }] }],
  ['choices of a text', { parameters: [{ name: 'A', type: 'text' as const, choices: ['x'] }] }],
])('%s is no script', (_, spec) => {
  expect(() => draftScript({ file: 'a.sh', text: 'x', spec }, place)).toThrow(/a.sh/);
});

test.each([
  ['65,537 characters', 'x'.repeat(65_537)],
  ['a NUL byte', 'a\0b'],
  ['nothing', ''],
])('%s is no text of one', (_, text) => {
  expect(() => draftScript({ file: 'a.sh', text, spec: {} }, place)).toThrow(/a.sh/);
});
