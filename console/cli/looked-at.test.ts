// Between the look and the --yes nothing may change under an id.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { assertLookedAt, rememberLook } from './looked-at.ts';

function folder(): string {
  const data = tempFolder(onTestFinished, 'rmm-looked');
  mkdirSync(path.join(data, 'cli'), { mode: 0o700 });
  return data;
}

test('what was looked at may be signed, something else under its id may not, until it is looked at too', async () => {
  const data = folder();
  await assertLookedAt(data, 'a', 'never looked at');
  await rememberLook(data, 'a', 'uptime');
  await rememberLook(data, 'b', 'df');
  await assertLookedAt(data, 'a', 'uptime');
  const changed = expect.objectContaining({ code: 'signature-invalid', message: expect.stringContaining('look at') });
  await expect(assertLookedAt(data, 'a', 'rm -rf /')).rejects.toEqual(changed);
  await rememberLook(data, 'a', 'rm -rf /');
  await assertLookedAt(data, 'a', 'rm -rf /');
});

test('a hundred looks are remembered, and a broken file is written anew', async () => {
  const data = folder();
  for (let n = 0; n < 101; n += 1) await rememberLook(data, `${n}`, 'x');
  await assertLookedAt(data, '0', 'forgotten');
  await expect(assertLookedAt(data, '1', 'other')).rejects.toThrow('look at it again');
  writeFileSync(path.join(data, 'cli', 'looked-at.json'), '[{', { mode: 0o600 });
  await assertLookedAt(data, '1', 'other');
  await rememberLook(data, '1', 'x');
  await expect(assertLookedAt(data, '1', 'other')).rejects.toThrow('look at it again');
});

test('who merely looks, where no command line has its folder, leaves nothing there', async () => {
  const data = tempFolder(onTestFinished, 'rmm-looked');
  await rememberLook(data, 'a', 'uptime');
  expect(existsSync(path.join(data, 'cli'))).toBe(false);
});
