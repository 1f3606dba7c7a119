// A signing key as 24 words (BIP39) that a person writes on paper and types back: no file, no printer, a checksum of its own.
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { exportJWK } from 'jose';
import { AppError } from '#shared/base/errors.ts';
import { fromBase64url, toBase64url } from './base64url.ts';
import { importSigningKey, type SigningKey } from './key-pair.ts';

/** The fixed head of an Ed25519 private key in PKCS#8 (RFC 8410, section 7); its 32 bytes follow. */
const PKCS8_HEAD = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/** Words to a line, so that a person does not lose the place. */
const PER_LINE = 6;

/** Four lines of six lower-case words. Whoever reads them has the key. */
export async function paperWords({ privateKey }: SigningKey): Promise<string> {
  const { d = '' } = await exportJWK(privateKey);
  const words = entropyToMnemonic(Uint8Array.from(fromBase64url(d) ?? []), wordlist).split(' ');
  const lines = Array.from({ length: words.length / PER_LINE }, (_, n) =>
    words.slice(n * PER_LINE, (n + 1) * PER_LINE),
  );
  return `${lines.map((line) => line.join(' ')).join('\n')}\n`;
}

/** The key of 24 words, in any case and with any space between; the message never repeats what the text holds. */
export async function keyOfWords(text: string): Promise<SigningKey> {
  let seed: Uint8Array;
  try {
    seed = mnemonicToEntropy(text.trim().toLowerCase().split(/\s+/).join(' '), wordlist);
  } catch {
    // No cause: its message may quote a word, and the words are a private key.
    throw new AppError('signature-invalid', 'these are not the 24 words of a key: one is missing, misspelt or moved');
  }
  if (seed.length !== 32) throw new AppError('signature-invalid', 'the words of a key are 24');
  const der = Uint8Array.from([...PKCS8_HEAD, ...seed]);
  const key = await crypto.subtle.importKey('pkcs8', der, { name: 'Ed25519' }, true, ['sign']);
  const { x } = await exportJWK(key);
  return importSigningKey(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', d: toBase64url(seed), x }));
}
