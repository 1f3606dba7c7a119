// What an answer says of itself: files of the web by their kind, texts with their encoding, nothing whose kind is not known.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { findStatic, loadStaticFiles, staticResponse } from './static-web.ts';

async function typeOf(name: string): Promise<string | null | undefined> {
  const folder = tempFolder(onTestFinished, 'rmm-types');
  mkdirSync(path.join(folder, 'assets'));
  writeFileSync(path.join(folder, 'assets', name), '<script>1</script>');
  const file = findStatic(loadStaticFiles(folder), `/assets/${name}`);
  if (file === undefined) return undefined;
  const answer = await staticResponse(file, { acceptEncoding: undefined, ifNoneMatch: undefined });
  return answer.headers.get('content-type');
}

test.each([
  ['a.html', 'text/html; charset=utf-8'],
  ['a.js', 'text/javascript; charset=utf-8'],
  ['a.css', 'text/css; charset=utf-8'],
  ['a.png', 'image/png'],
  ['a.woff2', 'font/woff2'],
])('%s is sent as %s', async (name, type) => {
  expect(await typeOf(name)).toBe(type);
});

test.each(['a.php', 'a.sh', 'a.htaccess', 'a', '.git'])('%s is not sent', async (name) => {
  expect(await typeOf(name)).toBeUndefined();
});
