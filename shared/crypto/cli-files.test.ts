// What the command line finds of its console, and that a damaged profile is none.
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { profileFile, readProfile } from './cli-files.ts';
import { writePrivateFile } from './private-file.ts';

const PROFILE = { url: 'http://localhost:8080', token: 'a-token-of-this-test-alone' };

function dataWith(text?: string): string {
  const data = tempFolder(onTestFinished);
  mkdirSync(path.join(data, 'cli'));
  if (text !== undefined) writePrivateFile(profileFile(data), text);
  return data;
}

test('a profile reads back, and none is none', () => {
  expect(readProfile(dataWith(JSON.stringify(PROFILE)))).toEqual(PROFILE);
  expect(readProfile(dataWith())).toBeUndefined();
});

test.each(['', '{"url":', '{"url":"http://localhost:8080"}', '[]'])('the damaged profile %j is as none', (text) => {
  expect(readProfile(dataWith(text))).toBeUndefined();
});

test('a profile that others may read is refused by its name', () => {
  const data = dataWith(JSON.stringify(PROFILE));
  chmodSync(profileFile(data), 0o644);
  expect(() => readProfile(data)).toThrow(/profile\.json: others may read it/);
});
