// AES-CMAC (RFC 4493) in one pass of the platform's AES-CBC: only the last block needs work of ours.
import { createCipheriv } from 'node:crypto';

const BLOCK = 16;
// RFC 4493, 2.3: the constant of a field of 128 bits.
const RB = 0x87;
const ZERO = Buffer.alloc(BLOCK);

export interface CmacKeys {
  key: Buffer;
  /** For a last block that is whole, and for one that is padded. */
  k1: Buffer;
  k2: Buffer;
}

function doubled(block: Buffer): Buffer {
  const result = Buffer.alloc(BLOCK);
  let carry = 0;
  for (let at = BLOCK - 1; at >= 0; at -= 1) {
    const byte = block[at] ?? 0;
    result[at] = ((byte << 1) | carry) & 0xff;
    carry = byte >>> 7;
  }
  if (carry === 1) result[BLOCK - 1] = (result[BLOCK - 1] ?? 0) ^ RB;
  return result;
}

/** RFC 4493, 2.3. */
export function cmacKeys(key: Buffer): CmacKeys {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  const k1 = doubled(cipher.update(ZERO));
  return { key, k1, k2: doubled(k1) };
}

/** RFC 4493, 2.4. */
export function aesCmac({ key, k1, k2 }: CmacKeys, message: Buffer): Buffer {
  const lastAt = message.length === 0 ? 0 : Math.floor((message.length - 1) / BLOCK) * BLOCK;
  const last = Buffer.alloc(BLOCK);
  const lastBytes = message.copy(last, 0, lastAt);
  if (lastBytes < BLOCK) last[lastBytes] = 0x80;
  const mask = lastBytes < BLOCK ? k2 : k1;
  for (let at = 0; at < BLOCK; at += 1) last[at] = (last[at] ?? 0) ^ (mask[at] ?? 0);
  const cipher = createCipheriv('aes-128-cbc', key, ZERO).setAutoPadding(false);
  if (lastAt > 0) cipher.update(message.subarray(0, lastAt));
  return cipher.update(last);
}
