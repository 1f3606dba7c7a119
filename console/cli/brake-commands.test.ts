// A file that was handed on with a thaw says what it is, or which file it was that holds none.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { FreezeId } from '#shared/base/id.ts';
import { signBrake } from '#shared/seal/freeze-seal.ts';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { deliver, thawInFile } from './brake-commands.ts';
import type { Api } from './client.ts';

const ID = FreezeId.parse('0190a000-0000-7000-8005-000000000001');
const COMMON = { v: 1, site: SAMPLE_SITE, id: ID, at: SAMPLE_TIME, reason: '' } as const;

test('a signed thaw is read back as it was written', async () => {
  const signed = await signBrake({ ...COMMON, kind: 'thaw', freezes: ID }, [await keyOfWord('ann')]);
  expect(thawInFile('thaw.json', `${JSON.stringify(signed)}\n`)).toEqual(signed);
});

test.each([
  ['no JSON', 'half a file {'],
  ['nothing', ''],
  ['JSON of something else', '{"version":3}'],
  ['a list', '[]'],
  ['a text that is no thaw', '{"text":"{}","signatures":["x"]}'],
])('a file with %s is named in the error', (_what, text) => {
  const message = expect.stringContaining('/tmp/thaw.json: holds no signed thaw');
  expect(() => thawInFile('/tmp/thaw.json', text)).toThrow(expect.objectContaining({ code: 'bad-request', message }));
});

test('a freeze is no thaw', async () => {
  const signed = await signBrake({ ...COMMON, kind: 'freeze' }, [await keyOfWord('ann')]);
  const message = expect.stringContaining('holds a freeze');
  expect(() => thawInFile('f', JSON.stringify(signed))).toThrow(
    expect.objectContaining({ code: 'bad-request', message }),
  );
});

test.each([
  ['waits in its file for the next person', new AppError('signature-missing', 'needs two people'), undefined],
  [
    'fails, and is kept all the same, where the console cannot be reached',
    new AppError('unavailable', 'no answer'),
    'unavailable',
  ],
] as const)('a signed thaw %s', async (_what, error, code) => {
  const file = path.join(tempFolder(onTestFinished, 'rmm-thaw'), 'thaw.json');
  const signed = await signBrake({ ...COMMON, kind: 'thaw', freezes: ID }, [await keyOfWord('ann')]);
  // Of the whole interface only what is asked here.
  const api = { sites: { putBrake: () => Promise.reject(error) } } as unknown as Api;
  const done = deliver(api, { id: SAMPLE_SITE, name: 'Berlin' }, signed, file);
  if (code === undefined) expect(await done).toMatchObject({ lacks: 'needs two people', keptIn: file });
  else await expect(done).rejects.toMatchObject({ code, message: expect.stringContaining(file) });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(signed);
});
