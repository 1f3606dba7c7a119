// The table of OWASP ASVS 5.0.0, level 1: complete, each row proven by something that is there, or with its reason.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { brokenLink, LEVEL_ONE_NUMBERS, type Row, readTable, tableFaults } from './asvs-table.ts';
import { PROJECT } from './source-files.ts';

const rows = readTable(readFileSync(path.join(PROJECT, 'docs/asvs.csv'), 'utf8'));

test('each of the seventy requirements stands there once, proven or with its reason', () => {
  expect(LEVEL_ONE_NUMBERS).toHaveLength(70);
  expect(tableFaults(rows, PROJECT)).toEqual([]);
});

const change = (members: Partial<Row>) => rows.map((row, at) => (at === 3 ? { ...row, ...members } : row));

test.each<[string, Row[], RegExp]>([
  ['a row that is missing', rows.slice(1), /^V1\.2\.1: has no row$/],
  ['a row that stands there twice', [...rows, ...rows.slice(0, 1)], /^V1\.2\.1: stands there twice$/],
  ['a number of level 2', change({ requirement: 'V1.2.6' }), /^V1\.2\.6: is no requirement/],
  ['the wrong chapter', change({ chapter: '2 Validation' }), /^V1\.2\.4: is not of chapter 2/],
  ['met without a proof', change({ status: 'met', proof: '' }), /^V1\.2\.4: met, and nothing/],
  ['not met without a reason', change({ status: 'not met', reason: 'later' }), /^V1\.2\.4: not met, and no reason/],
  [
    'a proof that is gone',
    change({ proof: 'test/gone.test.ts#a name' }),
    /^V1\.2\.4: test\/gone\.test\.ts#a name: no such file/,
  ],
])('%s is found', (_name, table, fault) => {
  expect(tableFaults(table, PROJECT)).toContainEqual(expect.stringMatching(fault));
});

test.each([
  ['test/architecture/asvs.test.ts#%s is found', true],
  ['test/architecture/asvs.test.ts#s is found', false],
  ['test/architecture/asvs.test.ts', false],
  ['test/architecture/asvs-table.ts#met, and nothing proves it', false],
  ['docs/security.md#What is worth taking', true],
  ['docs/security.md#What is worth', false],
  ['npm run check', true],
  ['npm run security -- mtls', true],
  ['npm run security -- nothing', false],
  ['npm run nothing', false],
  ['rm -rf build', false],
])('the proof %j holds: %s', (proof, holds) => {
  expect(brokenLink(proof, PROJECT) === undefined).toBe(holds);
});
