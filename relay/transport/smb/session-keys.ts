// The keys of a session (MS-SMB2 3.1.4.2, 3.2.5.3.1): SP800-108 in counter mode from what the login agreed on.
import { createHash, createHmac } from 'node:crypto';

export interface SessionKeys {
  signing: Buffer;
  /** What we encrypt with, and what the server does. */
  encryption: Buffer;
  decryption: Buffer;
}

/** SP800-108, 5.1, with HMAC-SHA256, a counter and a length of 32 bits each: one block is all that is ever needed. */
export function deriveKey(key: Uint8Array, label: string, context: Uint8Array, bytes: 16 | 32): Buffer {
  const hmac = createHmac('sha256', key);
  hmac.update(Buffer.from([0, 0, 0, 1]));
  // The label's own final zero, then the one that SP800-108 puts between label and context.
  hmac.update(`${label}\0\0`, 'latin1');
  hmac.update(context);
  hmac.update(Buffer.from([0, 0, (bytes * 8) >> 8, (bytes * 8) & 0xff]));
  return hmac.digest().subarray(0, bytes);
}

const text = (words: string): Buffer => Buffer.from(`${words}\0`, 'latin1');

/** 3.0 and 3.0.2: labels and contexts are fixed words; "ServerIn" has a blank behind it. */
export const keysOf30 = (sessionKey: Uint8Array): SessionKeys => ({
  signing: deriveKey(sessionKey, 'SMB2AESCMAC', text('SmbSign'), 16),
  encryption: deriveKey(sessionKey, 'SMB2AESCCM', text('ServerIn '), 16),
  decryption: deriveKey(sessionKey, 'SMB2AESCCM', text('ServerOut'), 16),
});

/** 3.1.1: the context is the hash of all that was said before, so keys differ when anybody changed a word of it. */
export const keysOf311 = (sessionKey: Uint8Array, preauth: Uint8Array, cipherBytes: 16 | 32): SessionKeys => ({
  signing: deriveKey(sessionKey, 'SMBSigningKey', preauth, 16),
  encryption: deriveKey(sessionKey, 'SMBC2SCipherKey', preauth, cipherBytes),
  decryption: deriveKey(sessionKey, 'SMBS2CCipherKey', preauth, cipherBytes),
});

/** The running hash of negotiation and login (MS-SMB2 3.1.4.4.1): SHA-512 of the former value and the next message. */
export class PreauthHash {
  #value: Buffer = Buffer.alloc(64);

  get value(): Buffer {
    return this.#value;
  }

  add(message: Uint8Array): void {
    this.#value = createHash('sha512').update(this.#value).update(message).digest();
  }
}
