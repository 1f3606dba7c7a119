// The laws of the tree that no linter states: size, names, one opening place, what may never stand in a commit.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { allFiles, PROJECT, sourceFiles } from './source-files.ts';

const read = (file: string) => readFileSync(path.join(PROJECT, file), 'utf8');
const isTestCode = (file: string) => file.startsWith('test/') || file.includes('.test.');

test('no source file is longer than 400 lines', () => {
  const long = sourceFiles().filter((file) => read(file).split('\n').length > 401);
  expect(long).toEqual([]);
});

test('each source file begins with a sentence that says what it is for', () => {
  const silent = sourceFiles().filter((file) => !/^(#![^\n]*\n)?\/\/ \S/.test(read(file)));
  expect(silent).toEqual([]);
});

test('no folder is called utils, helpers, common or misc, and no file is an index barrel', () => {
  const bad = sourceFiles().filter(
    (file) => /(^|\/)(utils|helpers|common|misc)\//.test(file) || /(^|\/)index\.tsx?$/.test(file),
  );
  expect(bad).toEqual([]);
});

test('time is an argument: Date.now() stands only in shared/base, tests and the browser', () => {
  const bad = sourceFiles().filter(
    (file) =>
      !isTestCode(file) &&
      !file.startsWith('shared/base/') &&
      !file.startsWith('console/web/') &&
      /\bDate\.now\(\)/.test(read(file)),
  );
  expect(bad).toEqual([]);
});

test('nobody calls process.exit, and only an entry file sets process.exitCode', () => {
  const bad = sourceFiles().filter((file) => {
    const text = read(file);
    if (file.startsWith('test/architecture/')) return false;
    const isEntry = file === 'rmm.ts' || file === 'build.ts' || /(^|\/)(main|run)\.ts$/.test(file);
    return /\bprocess\.exit\(/.test(text) || (!isEntry && /\bprocess\.exitCode\b/.test(text));
  });
  expect(bad).toEqual([]);
});

test('a database is opened in one place per program', () => {
  const openers = sourceFiles().filter((file) => !isTestCode(file) && /new (Database|Sqlite)\(/.test(read(file)));
  expect(openers.filter((file) => !['shared/runtime/open-sqlite.ts'].includes(file))).toEqual([]);
});

test('no commit names a package registry, a path of a workplace, or a key', () => {
  const bad = allFiles().filter((file) => {
    if (/\.(png|ico|woff2|bin|sqlite|db)$/.test(file) || file.startsWith('test/architecture/')) return false;
    const text = read(file);
    return /"resolved":|registry\.npm|\/work\/main|\/root\/|BEGIN (EC |RSA |OPENSSH |)PRIVATE KEY/.test(text);
  });
  expect(bad).toEqual([]);
});
