// Under the two flags a text becomes no code and `__proto__` reaches nothing, and each way to start a program of ours gives them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { NODE_FLAGS, withNodeFlags } from './node-flags.ts';

const PROJECT = path.resolve(import.meta.dirname, '..', '..');
const textOf = (file: string) => readFileSync(path.join(PROJECT, file), 'utf8');

/** Each way to make code of a text, and to change what all objects have. */
const ATTEMPTS = [
  'eval("1")',
  'globalThis.eval("1")',
  'new Function("return 1")()',
  '(async () => {}).constructor("return 1")',
  '[].constructor.constructor("return 1")()',
  '(() => { JSON.parse(`{"a":{}}`).a["__proto__"].polluted = 1; if (({}).polluted !== 1) throw 1 })()',
  '(() => { ({}).__proto__.polluted = 1; if (({}).polluted !== 1) throw 1 })()',
] as const;

const succeeded = (flags: readonly string[]): string[] => {
  const script = `const ways = [${ATTEMPTS.map((way) => `() => ${way}`).join(',')}];
    const done = ways.map((way) => { try { way(); return true } catch { return false } finally { delete Object.prototype.polluted } });
    process.stdout.write(JSON.stringify(done));`;
  const done: boolean[] = JSON.parse(execFileSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8' }));
  return ATTEMPTS.filter((_way, n) => done[n] === true);
};

test('no way to make code of a text, or to reach what all objects have, works under the flags; each does without', () => {
  expect(succeeded(NODE_FLAGS)).toEqual([]);
  expect(succeeded([])).toEqual(ATTEMPTS);
});

test.each(['rmm.ts', 'relay/main.ts'])('%s names the flags where it names its program', (file) => {
  expect(textOf(file).split('\n')[0]).toBe(`#!/usr/bin/env -S node ${NODE_FLAGS.join(' ')}`);
});

test('the scripts of the project start programs under the flags', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(textOf('package.json'));
  for (const name of ['start', 'rmm']) expect(scripts[name]).toContain(`node ${NODE_FLAGS.join(' ')} `);
});

test('the launcher of the archive, which a unit of systemd runs, gives the flags', () => {
  expect(textOf('build.ts')).toContain(`/node" \${NODE_FLAGS.join(' ')} "$here/relay.cjs"`);
});

test('a child has the flags of its parent and these, each once', () => {
  expect(withNodeFlags(['--import', 'tsx', '--disable-proto=delete'])).toEqual(['--import', 'tsx', ...NODE_FLAGS]);
});
