// Keys as Microsoft's worked examples of MS-SMB2 3.1.4.2 give them, for 3.0 and 3.1.1.
import { expect, test } from 'vitest';
import { deriveKey, keysOf30, keysOf311, PreauthHash } from './session-keys.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const PREAUTH = hex(
  '0DD13628CC3ED218EF9DF9772D436D0887AB9814BFAE63A80AA845F36909DB7928622DDDAD522D9751640A459762C5A9D6BB084CBB3CE6BDADEF5D5BCE3C6C01',
);

test('3.0 derives the keys of the example', () => {
  const keys = keysOf30(hex('7CD451825D0450D235424E44BA6E78CC'));
  expect(keys.signing).toEqual(hex('0B7E9C5CAC36C0F6EA9AB275298CEDCE'));
  expect(keys.encryption).toEqual(hex('FAD27796665B313EBB578F388632B4F7'));
  expect(keys.decryption).toEqual(hex('B0F0427F7CEB416D1D9DCC0CD4F99447'));
});

test('3.1.1 derives the keys of the example from the hash of what was said before', () => {
  const keys = keysOf311(hex('270E1BA896585EEB7AF3472D3B4C75A7'), PREAUTH, 16);
  expect(keys.signing).toEqual(hex('73FE7A9A77BEF0BDE49C650D8CCB5F76'));
  expect(keys.encryption).toEqual(hex('629BCBC54422A0F572B97F45989B6073'));
  expect(keys.decryption).toEqual(hex('E2AF0DCEFAC68DA71A0DFBD0D1350D74'));
});

test('a key of 256 bits is another key, not a longer one', () => {
  const key = hex('270E1BA896585EEB7AF3472D3B4C75A7');
  const long = deriveKey(key, 'SMBC2SCipherKey', PREAUTH, 32);
  expect(long).toHaveLength(32);
  expect(long.subarray(0, 16)).not.toEqual(deriveKey(key, 'SMBC2SCipherKey', PREAUTH, 16));
});

test('the hash of what was said depends on each message and on their order', () => {
  const hashOf = (...messages: string[]) => {
    const hash = new PreauthHash();
    for (const message of messages) hash.add(Buffer.from(message));
    return hash.value.toString('hex');
  };
  expect(new Set([hashOf('a', 'b'), hashOf('b', 'a'), hashOf('ab'), hashOf('a')]).size).toBe(4);
});
