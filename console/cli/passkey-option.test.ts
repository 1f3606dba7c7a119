// A passkey text becomes the signer that the owner described, and nothing else does.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { passkeyFingerprint, passkeyText } from '#shared/seal/passkey-text.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { passkeyOfWord } from '#test/fixtures/virtual-passkey.ts';
import { passkeySignerOf } from './passkey-option.ts';

test('from a text or a file, with the name, person and role that were asked for', async () => {
  const { key } = await passkeyOfWord('ann');
  const file = path.join(tempFolder(onTestFinished, 'rmm-passkey-option'), 'ann.txt');
  await writeFile(file, `${passkeyText(key)}\n`);
  const held = { name: 'ann phone', person: 'ann', role: 'approver' };
  for (const passkey of [passkeyText(key), file])
    expect(await passkeySignerOf({ passkey, ...held, guardian: true })).toEqual({
      signer: { kind: 'passkey', key, ...held, isGuardian: true },
      fingerprint: await passkeyFingerprint(key),
    });
  expect(await passkeySignerOf({ role: 'technician' })).toBeUndefined();
});

test('without a name, with a role that is none, or with another text it is refused', async () => {
  const passkey = passkeyText((await passkeyOfWord('ann')).key);
  for (const options of [
    { passkey, role: 'technician' },
    { passkey, name: 'ann', role: 'king' },
    { passkey: 'rmm-passkey-1.x', name: 'ann', role: 'technician' },
  ])
    await expect(passkeySignerOf(options)).rejects.toMatchObject({ code: 'bad-request' });
});
