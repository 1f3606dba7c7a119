// A console that names a key of its own gets nothing sealed to it: only owners and whoever stood at the relay vouch for one.
import { expect, test } from 'vitest';
import { generateOpeningKey } from '#shared/seal/vault-box.ts';
import { SAMPLE_RELAY } from '#test/fixtures/sample-trust.ts';
import { believedKey } from './relay-key.ts';

const [mine, other] = [(await generateOpeningKey()).key.publicKey, (await generateOpeningKey()).key.publicKey];
const relay = SAMPLE_RELAY;
const signed = { sealingKeys: [{ relay, key: mine }] };

test('what the owners signed is believed, whatever the console says', async () => {
  expect(await believedKey({ charter: signed, relay, told: other, typed: '' })).toEqual({ kind: 'signed', key: mine });
});

test('what the console says is believed only with the fingerprint that was read at the relay', async () => {
  const ask = { charter: {}, relay, told: mine };
  expect(await believedKey({ ...ask, typed: '' })).toEqual({ kind: 'not-compared', told: mine });
  expect(await believedKey({ ...ask, typed: ` ${mine.id}\n` })).toEqual({ kind: 'compared', key: mine });
  for (const typed of [other.id, mine.id.slice(0, 42), `${mine.id}x`, mine.id.toLowerCase()])
    expect((await believedKey({ ...ask, typed })).kind).toBe('differs');
});

test('a key whose id is not its hash is nobody’s, signed or told', async () => {
  const lie = { id: mine.id, key: other.key };
  expect(await believedKey({ charter: {}, relay, told: lie, typed: mine.id })).toEqual({ kind: 'none' });
  expect(
    await believedKey({ charter: { sealingKeys: [{ relay, key: lie }] }, relay, told: undefined, typed: '' }),
  ).toEqual({
    kind: 'none',
  });
  expect(await believedKey({ charter: {}, relay, told: undefined, typed: mine.id })).toEqual({ kind: 'none' });
});
