// Our own package.json, lockfile and the documents about them: what the laws of the supply chain say of them today.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { isAllowed, licenceFaults, licencePage } from './licences.ts';
import { lockFaults, MOST_PACKAGES } from './lock-faults.ts';
import { readProject, runtimePackages } from './lockfile.ts';
import { lacking, writeSboms } from './sbom.ts';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const project = readProject(ROOT);
const runtime = runtimePackages(project);
const brought = runtime.filter(({ by }) => !by.has('package.json'));
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** Rows of the table below a heading of docs/dependencies.md, cell by cell. */
function rowsBelow(heading: string): string[][] {
  const [, after = ''] = read('docs/dependencies.md').split(`## ${heading}`);
  const [section = ''] = after.split('\n## ');
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

test('the lockfile installs what was chosen, and nothing else', () => {
  expect(lockFaults(project)).toEqual([]);
});

test('the product brings at most seventy-five packages', () => {
  expect(runtime.length).toBeLessThanOrEqual(MOST_PACKAGES);
  expect(runtime.length).toBeGreaterThan(Object.keys(project.manifest.dependencies).length);
});

test('each package that another one brings stands in its table, with its version and who brings it', () => {
  const rows = rowsBelow('What they bring');
  expect(new Set(rows.map(([name]) => name))).toEqual(new Set(brought.map(({ name }) => name)));
  expect(rows).toHaveLength(brought.length);
  const wrong = rows.filter(([name, version, by = '']) => {
    const own = brought.find((installed) => installed.name === name);
    return own?.entry.version !== version || !by.split(', ').every((one) => own?.by.has(one));
  });
  expect(wrong).toEqual([]);
});

test('each package has a reason', () => {
  const reasons = [...rowsBelow('In the product'), ...rowsBelow('What they bring')];
  expect(reasons.filter((row) => (row.at(-1)?.length ?? 0) < 12)).toEqual([]);
});

test('how many there are stands in the text, with the number of those in the pages', () => {
  const pages = Number(/## Bundled into the pages: (\d+)/.exec(licencePage(project))?.[1]);
  expect(read('docs/dependencies.md')).toContain(`${runtime.length} packages are installed`);
  expect(read('docs/dependencies.md')).toContain(`${pages} more are bundled`);
});

test('both bills of materials name every package that is installed', async () => {
  const folder = tempFolder(onTestFinished, 'rmm-sbom');
  const names = await writeSboms(ROOT, folder);
  for (const name of names) {
    const document = readFileSync(path.join(folder, name), 'utf8');
    expect(lacking(document, runtime)).toEqual([]);
    expect(lacking(document.replaceAll('ssh2', 'other'), runtime)).toEqual([expect.stringContaining('ssh2')]);
  }
});

test('every licence is one that we may hand on, and the list is of today', () => {
  expect(licenceFaults(project)).toEqual([]);
  expect(read('docs/licences.md')).toBe(licencePage(project));
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['(MIT AND GPL-3.0)', false],
  ['AGPL-3.0-only', false],
  ['not said', false],
])('licence %s is allowed: %s', (licence, expected) => {
  expect(isAllowed(licence)).toBe(expected);
});
