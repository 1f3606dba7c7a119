// What a script is told fits its parameters or is refused by name; nothing else reaches its environment.
import { expect, test } from 'vitest';
import type { ScriptParameter } from './script.ts';
import type { ScriptShell } from './script-facts.ts';
import { scriptEnvironment } from './script-values.ts';

const told = (parameter: Omit<ScriptParameter, 'name'>, value: string | undefined, shell: ScriptShell = 'sh') => {
  const version = { shell, parameters: [{ name: 'A', ...parameter }] };
  const end = scriptEnvironment(version, value === undefined ? {} : { A: value });
  return end.ok ? end.values.get('A') : end.detail;
};

test.each<[ScriptParameter['type'], string, boolean]>([
  ['text', `any 'text" $(with) \`all\``, true],
  ['text', 'two\nlines', false],
  ['text', 'nul\0', false],
  ['path', '', false],
  ['path', '/srv/a b', true],
  ['number', '-12.5', true],
  ['number', '1e3', false],
  ['number', '1;2', false],
  ['flag', 'true', true],
  ['flag', 'yes', false],
  ['service', 'nginx', true],
  ['service', '-f', false],
  ['user', 'a;b', false],
  ['log', 'a$b', false],
  ['process', 'a|b', false],
])('a %s of %j is taken: %s', (type, value, is) => {
  expect(told({ type }, value) === value).toBe(is);
});

test('a choice is one of its words', () => {
  expect(told({ type: 'choice', choices: ['fast', 'safe'] }, 'safe')).toBe('safe');
  expect(told({ type: 'choice', choices: ['fast', 'safe'] }, 'slow')).toBe('A: is one of fast, safe');
});

test('what is left out is preset, empty where it may be, or missing', () => {
  expect(told({ type: 'number', preset: '7' }, undefined)).toBe('7');
  expect(told({ type: 'number', isOptional: true }, undefined)).toBe('');
  expect(told({ type: 'number' }, undefined)).toBe('A: is missing');
});

test('a name that is no parameter is refused, also one that every object has', () => {
  for (const name of ['B', 'constructor', 'toString'])
    expect(scriptEnvironment({ shell: 'sh', parameters: [] }, { [name]: '1' })).toMatchObject({ ok: false });
  expect(told({ type: 'text', isOptional: true }, undefined)).toBe('');
});

test.each([...'&|<>^%!"()'])('cmd is told nothing with %s, which it would read as its own', (sign) => {
  expect(told({ type: 'text' }, `a${sign}b`, 'cmd')).toContain('a script of cmd is told nothing');
  expect(told({ type: 'text' }, `a${sign}b`, 'powershell')).toBe(`a${sign}b`);
});

test('16,384 characters go along, one more does not', () => {
  const parameters = Array.from({ length: 17 }, (_, n) => ({
    name: `P${n}`,
    type: 'text' as const,
    isOptional: true as const,
  }));
  const full = Object.fromEntries(parameters.slice(0, 16).map(({ name }) => [name, 'x'.repeat(1_024)]));
  expect(scriptEnvironment({ shell: 'sh', parameters }, full).ok).toBe(true);
  expect(scriptEnvironment({ shell: 'sh', parameters }, { ...full, P16: 'x' }).ok).toBe(false);
});
