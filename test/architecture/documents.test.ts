// Keeps the documents true where a machine can: paths and tests they name exist, links lead somewhere, tables match the code.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ERROR_CODES } from '#shared/base/errors.ts';
import { parseFilter } from '#shared/base/filter/parse-filter.ts';
import { FAILURE_REASONS } from '#shared/base/outcome.ts';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import { MESSAGES } from '#shared/protocol/frame.ts';
import { allFiles, PROJECT } from './source-files.ts';

const tracked = allFiles();
const names = new Set(tracked.map((file) => path.basename(file)));
const documents = tracked.filter((file) => file.endsWith('.md'));
const read = (file: string) => readFileSync(path.join(PROJECT, file), 'utf8');

/** Words in backticks. */
const quoted = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word);

test.each(documents)('%s names only paths and tests that exist', (file) => {
  const words = quoted(read(file)).flatMap((text) => text.split(' '));
  const paths = words.filter((word) => /^(shared|relay|console|test|docs)\/[\w./-]+\.\w+$/.test(word));
  const tests = words.filter((word) => /^[\w-]+(\.peer)?\.test\.ts$/.test(word) && word !== 'spool.test.ts'); // the style's example
  expect(paths.filter((name) => !existsSync(path.join(PROJECT, name)))).toEqual([]);
  expect(tests.filter((name) => !names.has(name))).toEqual([]);
});

test.each(documents)('the links of %s lead to files', (file) => {
  const links = [...read(file).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, link = '']) => link);
  const missing = links.filter(
    (link) => !/^https?:/.test(link) && !existsSync(path.join(PROJECT, path.dirname(file), link)),
  );
  expect(missing).toEqual([]);
});

test('every dependency stands in its table with its version', () => {
  const Manifest = z.object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  });
  const { dependencies, devDependencies } = Manifest.parse(JSON.parse(read('package.json')));
  const table = read('docs/dependencies.md');
  const all = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) => !name.startsWith('@types/'));
  const absent = all.filter(([name, version]) => !table.includes(path.basename(name)) || !table.includes(version));
  expect(absent).toEqual([]);
});

test('the codes that people look up are codes of ours', () => {
  const [, table = ''] = read('docs/operations.md').split('## When something is wrong');
  const codes = table.split('\n').flatMap((row) => quoted(row.split('|')[1] ?? ''));
  const known = new Set<string>([...ERROR_CODES, ...FAILURE_REASONS]);
  expect(codes.length).toBeGreaterThan(25);
  expect(codes.filter((code) => !known.has(code))).toEqual([]);
});

test('every filter of its page reads, and every field stands there', () => {
  const [table = '', fields = ''] = read('docs/filter.md').split('## Fields');
  const filters = table.split('\n').flatMap((row) => quoted(row.split(' | ')[0] ?? ''));
  const examples = filters.filter((text) => !/^(shared|rmm)\b/.test(text));
  expect(examples.length).toBeGreaterThan(15);
  expect(examples.filter((text) => !parseFilter(text, FLEET_FIELDS).ok)).toEqual([]);
  const named = new Set(quoted(fields));
  expect(Object.keys(FLEET_FIELDS).filter((name) => !named.has(name))).toEqual([]);
});

test('each message of the protocol has its row, with its sender and its size', () => {
  const rows = read('docs/protocol.md').split('\n');
  for (const [type, { from, maxBytes }] of Object.entries(MESSAGES)) {
    const sender = from.length === 2 ? 'both' : from[0];
    const size = maxBytes === 1024 * 1024 ? '1 MiB' : `${maxBytes / 1024} KiB`;
    expect(
      rows.some((row) => row.startsWith(`| ${type} | ${sender} |`) && row.includes(`| ${size} |`)),
      type,
    ).toBe(true);
  }
});
