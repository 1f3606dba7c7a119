// A passkey's text carries exactly that key, and its fingerprint moves with every member of it.
import { expect, test } from 'vitest';
import { passkeyOfWord } from '#test/fixtures/virtual-passkey.ts';
import { toBase64url } from './base64url.ts';
import { passkeyFingerprint, passkeyText, readPasskeyText } from './passkey-text.ts';

test.each(['ES256', 'EdDSA', 'RS256'] as const)('a key of %s comes back as it was', async (algorithm) => {
  const { key } = await passkeyOfWord('ann', algorithm);
  expect(await readPasskeyText(` ${passkeyText(key)}\n`)).toEqual(key);
});

test('what is no passkey text, has another member, or an id that is not its own is refused', async () => {
  const { key } = await passkeyOfWord('ann');
  const of = (value: unknown) => `rmm-passkey-1.${toBase64url(new TextEncoder().encode(JSON.stringify(value)))}`;
  const sorted = Object.fromEntries(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)));
  expect(await readPasskeyText(of(sorted))).toEqual(key);
  for (const text of [
    '',
    'hello',
    passkeyText(key).slice(0, -4),
    passkeyText(key).slice(14),
    of({ ...sorted, more: 1 }),
    of({ ...sorted, id: 'A'.repeat(43) }),
    of({ ...sorted, origins: ['https://console.example/path'] }),
    of([]),
  ])
    await expect(readPasskeyText(text)).rejects.toMatchObject({ code: 'bad-request' });
});

test('the fingerprint is of the whole: another page, browser name or key is another one', async () => {
  const { key } = await passkeyOfWord('ann');
  const other = await passkeyOfWord('bob');
  const all = await Promise.all(
    [
      key,
      other.key,
      { ...key, origins: ['https://evil.example'] },
      { ...key, rpId: 'evil.example' },
      { ...key, credential: 'AAAA' },
    ].map(passkeyFingerprint),
  );
  expect(new Set(all).size).toBe(5);
  expect(all[0]).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
});
