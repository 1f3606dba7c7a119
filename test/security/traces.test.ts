// A search that finds nothing proves nothing unless it would find: every form, every alignment, files and memory.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { filesWith, formsOf, memoryWith } from './traces.ts';

const CANARY = 'canary-7f3a91c2b5';
const forms = formsOf(CANARY);

test.each(['', 'a', 'ab', 'abc', 'password: '])('behind %j it is found in every encoding', (before) => {
  const text = `${before}${CANARY} and more`;
  const folder = tempFolder(onTestFinished);
  for (const encoding of ['utf8', 'utf16le', 'base64', 'base64url', 'hex'] as const) {
    const bytes = Buffer.from(text);
    const held = encoding === 'utf16le' ? Buffer.from(text, 'utf16le') : Buffer.from(bytes.toString(encoding));
    writeFileSync(path.join(folder, encoding), held);
  }
  expect(filesWith([folder], forms)).toHaveLength(5);
  writeFileSync(path.join(folder, 'none'), 'canary-7f3a91c2b6');
  expect(filesWith([path.join(folder, 'none')], forms)).toEqual([]);
});

test('a text that this process holds is found in its memory', () => {
  const held = Buffer.from(`${CANARY} in memory`);
  expect(memoryWith(process.pid, forms).hits).toBeGreaterThan(0);
  expect(held.length).toBeGreaterThan(0);
});
