// What a browser kept comes back; what somebody else wrote there is nothing.
import { expect, test } from 'vitest';
import { passkeyOfWord } from '#test/fixtures/virtual-passkey.ts';
import { readWaiting } from './waiting-keys.ts';

test('kept keys are read as they were written, and anything else as none', async () => {
  const { key } = await passkeyOfWord('ann');
  const kept = [{ name: 'ann phone', person: 'ann', key }];
  expect(readWaiting(JSON.stringify(kept))).toEqual(kept);
  for (const text of [null, '', '{', '{}', '[{}]', JSON.stringify([{ ...kept[0], key: { ...key, spki: '<b>' } }])])
    expect(readWaiting(text)).toEqual([]);
});
