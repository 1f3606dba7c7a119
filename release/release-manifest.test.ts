// Proves that a release is what its key signed, and that everything else is named.
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { newReleaseKey, signManifest, verifyRelease, writeManifest } from './release-manifest.ts';

const ABOUT = { name: 'rmm', version: '1.2.3', platform: 'linux-x64', node: 'v20.0.0' };

async function released() {
  const folder = tempFolder(onTestFinished, 'rmm-release');
  writeFileSync(path.join(folder, 'relay.tar.gz'), 'the relay');
  writeFileSync(path.join(folder, 'sbom.cdx.json'), '{}');
  const key = newReleaseKey();
  await writeManifest(folder, ABOUT, ['sbom.cdx.json', 'relay.tar.gz']);
  await signManifest(folder, key.privateKey);
  return { folder, key, file: (name: string) => path.join(folder, name) };
}

test('what was signed verifies, with its files and their sums', async () => {
  const { folder, key } = await released();
  const manifest = await verifyRelease(folder, key.publicKey);
  expect(manifest.files.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['relay.tar.gz', 9],
    ['sbom.cdx.json', 2],
  ]);
});

type Released = Awaited<ReturnType<typeof released>>;

test.each<[string, (made: Released) => void, RegExp]>([
  ['a file with one byte more', ({ file }) => appendFileSync(file('relay.tar.gz'), '!'), /relay.tar.gz: not the file/],
  [
    'a file of the same length',
    ({ file }) => writeFileSync(file('relay.tar.gz'), 'The relay'),
    /relay.tar.gz: not the file/,
  ],
  ['a file that is gone', ({ file }) => rmSync(file('sbom.cdx.json')), /sbom.cdx.json: not there/],
  [
    'another sum in the manifest',
    ({ file }) => edit(file('release.json'), '"bytes": 9', '"bytes": 8'),
    /not signed by this key/,
  ],
  ['one space in the manifest', ({ file }) => appendFileSync(file('release.json'), ' '), /not signed by this key/],
  ['no signature', ({ file }) => rmSync(file('release.json.sig')), /release.json.sig: not there/],
  ['an empty signature', ({ file }) => writeFileSync(file('release.json.sig'), ''), /not signed by this key/],
])('%s is refused', async (_name, change, why) => {
  const made = await released();
  change(made);
  await expect(verifyRelease(made.folder, made.key.publicKey)).rejects.toThrow(why);
});

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

test('another key signed it: refused', async () => {
  const { folder } = await released();
  await expect(verifyRelease(folder, newReleaseKey().publicKey)).rejects.toMatchObject({ code: 'signature-invalid' });
});

test('no manifest leads out of its folder', async () => {
  const { folder } = await released();
  await expect(writeManifest(folder, ABOUT, ['../relay.tar.gz'])).rejects.toThrow();
});
