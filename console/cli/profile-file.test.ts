// Proves that profiles are private, that a broken file is named, and which console is meant.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { loadProfile } from './profile.ts';
import { profileBookFile, readProfileBook, writeProfileBook } from './profile-file.ts';

const token = 'a-token-of-more-than-twenty';
const north = { url: 'https://north.example.net:8443', token };
const south = { url: 'https://south.example.net:8443', token };

function home() {
  const folder = tempFolder(onTestFinished);
  const environment = { XDG_CONFIG_HOME: folder };
  const file = profileBookFile(environment);
  return { file, environment, data: path.join(folder, 'no-console-here') };
}

test('the file is for its owner alone', () => {
  const { file } = home();
  writeProfileBook(file, { current: 'north', profiles: { north } });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readProfileBook(file)).toEqual({ current: 'north', profiles: { north } });
});

test('a file that is no list of profiles is named, not replaced', () => {
  const { file } = home();
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, '{"profiles": 3}', { mode: 0o600 });
  expect(() => readProfileBook(file)).toThrow(file);
});

test.each([
  ['--profile', { profile: 'south' }, { RMM_PROFILE: 'north' }, south.url],
  ['RMM_PROFILE', {}, { RMM_PROFILE: 'south' }, south.url],
  ['RMM_URL and RMM_TOKEN', {}, { RMM_URL: 'http://localhost:1', RMM_TOKEN: token }, 'http://localhost:1'],
  ['the profile in use', {}, {}, north.url],
])('%s says which console is meant', async (_name, options, environment, url) => {
  const { file, environment: where, data } = home();
  writeProfileBook(file, { current: 'north', profiles: { north, south } });
  expect((await loadProfile({ data, ...options }, { ...where, ...environment })).url).toBe(url);
});

test('an unknown profile is an error that lists the known ones', async () => {
  const { file, environment, data } = home();
  writeProfileBook(file, { profiles: { north } });
  await expect(loadProfile({ data, profile: 'west' }, environment)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('north'),
  });
});

test('a word that every object knows is no profile', async () => {
  const { file, environment, data } = home();
  writeProfileBook(file, { profiles: { north } });
  await expect(loadProfile({ data, profile: 'constructor' }, environment)).rejects.toMatchObject({ code: 'not-found' });
});

test('nothing said and nothing known is an error that says what to do', async () => {
  const { environment, data } = home();
  await expect(loadProfile({ data }, environment)).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining('rmm profile add'),
  });
});
