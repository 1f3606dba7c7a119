// Each law of the supply chain finds the lockfile that breaks it.
import { expect, test } from 'vitest';
import { lockFaults } from './lock-faults.ts';
import { Lockfile, Manifest } from './lockfile.ts';

const SUM = `sha512-${'A'.repeat(86)}==`;

type Json = Record<string, unknown>;

/** A project of three packages that breaks nothing: `a` needs `b`; `tool` is for development. */
function sound() {
  const named = { dependencies: { a: '1.0.0' }, devDependencies: { tool: '2.0.0' } };
  const packages: Record<string, Json> = {
    '': named,
    'node_modules/a': { version: '1.0.0', integrity: SUM, dependencies: { b: '^1.0.0' } },
    'node_modules/b': { version: '1.2.3', integrity: SUM },
    'node_modules/tool': { version: '2.0.0', integrity: SUM, dev: true, hasInstallScript: true },
  };
  const manifest: Json = { ...structuredClone(named), allowScripts: { tool: true } };
  return { manifest, packages };
}

function faultsOf(change: (project: ReturnType<typeof sound>) => void): string[] {
  const project = sound();
  change(project);
  return lockFaults({
    manifest: Manifest.parse(project.manifest),
    lock: Lockfile.parse({ lockfileVersion: 3, packages: project.packages }),
  });
}

const edit = (place: string, members: Json) => (project: ReturnType<typeof sound>) => {
  project.packages[place] = { ...project.packages[place], ...members };
};

test('a sound lockfile has no fault', () => {
  expect(faultsOf(() => undefined)).toEqual([]);
});

test.each<[string, (project: ReturnType<typeof sound>) => void, RegExp]>([
  [
    'a range in package.json',
    ({ manifest }) => Object.assign(manifest, { dependencies: { a: '^1.0.0' } }),
    /a: "\^1.0.0" is no exact/,
  ],
  [
    'a git address in package.json',
    ({ manifest }) => Object.assign(manifest, { devDependencies: { tool: 'github:x/y' } }),
    /tool: .*no exact/,
  ],
  ['a file in overrides', ({ manifest }) => Object.assign(manifest, { overrides: { b: 'file:./b' } }), /b: .*no exact/],
  [
    'a nested override',
    ({ manifest }) => Object.assign(manifest, { overrides: { a: { b: '1.0.0' } } }),
    /a: .*no exact/,
  ],
  ['no integrity', edit('node_modules/b', { integrity: undefined }), /b: has no SHA-512/],
  ['a weak integrity', edit('node_modules/b', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }), /b: has no SHA-512/],
  [
    'an address of its own',
    edit('node_modules/b', { resolved: 'https://elsewhere.example/b.tgz' }),
    /b: comes from an address.*https:/,
  ],
  [
    'a git address',
    edit('node_modules/b', { resolved: 'git+ssh://git@host/b.git#1' }),
    /b: comes from an address.*git\+ssh:/,
  ],
  ['a link', edit('node_modules/b', { link: true }), /b: is a folder or a link/],
  ['a version that is none', edit('node_modules/b', { version: 'latest' }), /b: version latest is not exact/],
  ['another package in the folder', edit('node_modules/b', { name: 'evil' }), /b: holds evil, which no override says/],
  [
    'another version than package.json says',
    edit('node_modules/a', { version: '1.0.1' }),
    /a: package.json says 1.0.0, .* 1.0.1/,
  ],
  [
    'a lockfile of another package.json',
    edit('', { dependencies: { a: '1.0.0', c: '1.0.0' } }),
    /c: package.json says undefined/,
  ],
  ['a script nobody spoke of', edit('node_modules/b', { hasInstallScript: true }), /b: has an install script/],
  ['a package that is not locked', edit('node_modules/a', { dependencies: { b: '1', gone: '1' } }), /a needs gone/],
  [
    'a package nobody needs',
    ({ packages }) => Object.assign(packages, { 'node_modules/x': { version: '1.0.0', integrity: SUM } }),
    /x: is installed with the product/,
  ],
])('%s is found', (_name, change, fault) => {
  expect(faultsOf(change)).toEqual(expect.arrayContaining([expect.stringMatching(fault)]));
});

test('a script of the product may not be allowed, one of a tool may', () => {
  const faults = faultsOf((project) => {
    edit('node_modules/b', { hasInstallScript: true })(project);
    project.manifest['allowScripts'] = { tool: true, b: true };
  });
  expect(faults).toEqual([expect.stringMatching(/b: may run a script at installation/)]);
});

test('a permission for a script that is gone is found', () => {
  const faults = faultsOf(({ manifest }) => Object.assign(manifest, { allowScripts: { tool: true, old: true } }));
  expect(faults).toEqual(['allowScripts: old has no install script']);
});

test('an alias that an override says is none', () => {
  const alias = (version: string) => (project: ReturnType<typeof sound>) => {
    project.manifest['overrides'] = { b: 'npm:small@1.2.3' };
    edit('node_modules/b', { name: 'small', version })(project);
  };
  expect(faultsOf(alias('1.2.3'))).toEqual([]);
  expect(faultsOf(alias('9.9.9'))).toEqual([expect.stringMatching(/holds small/)]);
});

test('one package too many is found; what fits no platform of ours is not counted', () => {
  const many = (count: number, members: Json) => (project: ReturnType<typeof sound>) => {
    const names = Array.from({ length: count }, (_, at) => `p${at}`);
    for (const name of names)
      project.packages[`node_modules/${name}`] = { version: '1.0.0', integrity: SUM, ...members };
    const needs = Object.fromEntries(names.map((name) => [name, '*']));
    edit('node_modules/b', { [members['os'] === undefined ? 'dependencies' : 'optionalDependencies']: needs })(project);
  };
  expect(faultsOf(many(73, {}))).toEqual([]);
  expect(faultsOf(many(74, {}))).toEqual(['76 packages in the product, at most 75']);
  expect(faultsOf(many(59, { os: ['aix'], optional: true }))).toEqual([]);
});
