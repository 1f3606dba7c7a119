// The web's files leave in the smallest form their client takes, each form with its own tag.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { findStatic, loadStaticFiles, staticResponse } from './static-web.ts';

const SCRIPT = 'export const answer = 42;\n'.repeat(500);
const APP = '/assets/app-1.js';

function loaded() {
  const folder = tempFolder(onTestFinished, 'rmm-static');
  mkdirSync(path.join(folder, 'assets'));
  writeFileSync(path.join(folder, 'index.html'), '<p>page</p>');
  writeFileSync(path.join(folder, APP), SCRIPT);
  writeFileSync(path.join(folder, 'assets/font.woff2'), SCRIPT);
  const files = loadStaticFiles(folder);
  const fileOf = (url: string) => {
    const file = findStatic(files, url);
    if (file === undefined) throw new Error(`no file ${url}`);
    return file;
  };
  const answer = (url: string, acceptEncoding?: string, ifNoneMatch?: string) =>
    staticResponse(fileOf(url), { acceptEncoding, ifNoneMatch });
  return { fileOf, answer };
}

const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer());

test('the first visitor gets what is quickly made, those after it what is smallest', async () => {
  const { fileOf, answer } = loaded();
  const first = await answer(APP, 'gzip, deflate, br');
  expect(first.headers.get('content-encoding')).toBe('gzip');
  expect(gunzipSync(await bytesOf(first)).toString()).toBe(SCRIPT);
  await fileOf(APP).forms.br;
  const next = await answer(APP, 'gzip, deflate, br');
  expect(next.headers.get('content-encoding')).toBe('br');
  expect(next.headers.get('vary')).toBe('accept-encoding');
  expect(brotliDecompressSync(await bytesOf(next)).toString()).toBe(SCRIPT);
});

test('a client that takes nothing smaller gets the file as it is, and no form is made', async () => {
  const { fileOf, answer } = loaded();
  const plain = await answer(APP);
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(await plain.text()).toBe(SCRIPT);
  expect(fileOf(APP).forms).toEqual({});
});

test('each form has its own tag, and only that tag says "unchanged"', async () => {
  const { answer } = loaded();
  const tagOf = async (form?: string) => (await answer(APP, form)).headers.get('etag') ?? '';
  const tags = [await tagOf('br'), await tagOf('gzip'), await tagOf()];
  expect(new Set(tags).size).toBe(3);
  const [br = '', gzip = ''] = tags;
  expect((await answer(APP, 'br', br)).status).toBe(304);
  expect((await answer(APP, 'br', `"other", W/${br}`)).status).toBe(304);
  expect((await answer(APP, 'br', gzip)).status).toBe(200);
});

test('what does not get smaller, and what is no text, stays', async () => {
  const { answer } = loaded();
  expect((await answer('/', 'br')).headers.get('content-encoding')).toBeNull();
  expect((await answer('/assets/font.woff2', 'br')).headers.get('content-encoding')).toBeNull();
});
