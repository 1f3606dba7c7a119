// What is signed or encrypted opens at the other end, and nothing that was changed does.
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { Encryption } from './encryption.ts';
import { COMMAND, decodeHeader, FLAG, FRAME_BYTES, newRequest, writeHeader } from './header.ts';
import { demandProtection, protect } from './protection.ts';
import { newSigner } from './signing.ts';
import type { SmbCipher } from './smb-files.ts';

const KEY = randomBytes(16);

function message(body: string, flags: number = FLAG.reply): Buffer {
  const { frame } = newRequest(body.length);
  const bytes = frame.subarray(FRAME_BYTES);
  bytes.write(body, 64, 'latin1');
  writeHeader(bytes, { command: COMMAND.read, charge: 1, credits: 1, flags, messageId: 7, treeId: 1, sessionId: 5n });
  return bytes;
}

const answered = (bytes: Buffer, more: object = {}) => ({
  header: decodeHeader(bytes),
  message: bytes,
  isEncrypted: false,
  wasAskedEncrypted: false,
  isInterim: false,
  ...more,
});

test.each(['AES-GMAC', 'AES-CMAC'] as const)(
  '%s: a signature holds for its message, and for no changed bit of it',
  (kind) => {
    const signer = newSigner(kind, KEY);
    const protection = { signer, encryption: undefined, isEncrypted: false };
    const good = message('some words');
    signer.sign(good);
    demandProtection(protection, answered(Buffer.from(good)));
    for (let at = 4; at < good.length; at += 1) {
      const changed = Buffer.from(good);
      changed[at] = (changed[at] ?? 0) ^ 1;
      // The signed flag itself is the sixteenth byte; every other bit breaks the signature.
      expect(newSigner(kind, KEY).verify(changed), `byte ${at}`).toBe(false);
    }
  },
);

test('a client signs under another nonce than a server, and a cancel under a third', () => {
  const signer = newSigner('AES-GMAC', KEY);
  const [asServer, asClient] = [message('same'), message('same', 0)];
  signer.sign(asServer);
  signer.sign(asClient);
  expect(asServer.subarray(48, 64)).not.toEqual(asClient.subarray(48, 64));
});

test('an answer without a signature is refused, but for "it takes longer"', () => {
  const protection = { signer: newSigner('AES-CMAC', KEY), encryption: undefined, isEncrypted: false };
  const bare = message('bare');
  expect(() => demandProtection(protection, answered(bare))).toThrow(expect.objectContaining({ fault: 'not-signed' }));
  demandProtection(protection, answered(bare, { isInterim: true }));
});

test('a plain answer to an encrypted request is refused, signed or not, interim or not', () => {
  const signer = newSigner('AES-CMAC', KEY);
  const protection = { signer, encryption: undefined, isEncrypted: false };
  const signed = message('signed');
  signer.sign(signed);
  for (const isInterim of [false, true])
    expect(() => demandProtection(protection, answered(signed, { wasAskedEncrypted: true, isInterim }))).toThrow(
      expect.objectContaining({ fault: 'not-encrypted' }),
    );
});

const ends = (cipher: SmbCipher) => {
  const bytes = cipher.startsWith('AES-256') ? 32 : 16;
  const [one, two] = [randomBytes(bytes), randomBytes(bytes)];
  return {
    client: new Encryption(cipher, { signing: KEY, encryption: one, decryption: two }, 5n),
    server: new Encryption(cipher, { signing: KEY, encryption: two, decryption: one }, 5n),
  };
};

const CIPHERS: readonly SmbCipher[] = ['AES-128-CCM', 'AES-128-GCM', 'AES-256-CCM', 'AES-256-GCM'];

test.each(CIPHERS)('%s: what one end seals the other opens, and nothing that was changed', (cipher) => {
  const { client, server } = ends(cipher);
  const plain = Buffer.from('a message of some length');
  const sealed = Buffer.concat(client.seal(plain)).subarray(FRAME_BYTES);
  expect(server.open(sealed)).toEqual(plain);
  for (let at = 4; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 0x40;
    expect(() => server.open(changed), `byte ${at}`).toThrow();
  }
});

test.each(CIPHERS)('%s: no nonce comes twice', (cipher) => {
  const { client } = ends(cipher);
  const nonces = Array.from({ length: 1_000 }, () => client.seal(Buffer.from('x'))[0].subarray(24, 40).toString('hex'));
  expect(new Set(nonces).size).toBe(1_000);
});

test('a share that wants encryption gets nothing plain where no cipher was agreed on', () => {
  const protection = { signer: newSigner('AES-CMAC', KEY), encryption: undefined, isEncrypted: false };
  expect(() => protect(protection, [message('x', 0)], true)).toThrow(
    expect.objectContaining({ fault: 'not-encrypted' }),
  );
});
