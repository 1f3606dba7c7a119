// Encrypted messages (MS-SMB2 2.2.41, 3.1.4.3): a header whose tail is authenticated, then the cipher text of one whole message.
import { type CipherCCMTypes, type CipherGCMTypes, createCipheriv, createDecipheriv } from 'node:crypto';
import { Fields, writeU64 } from './fields.ts';
import { FRAME_BYTES, TRANSFORM_ID, writeFrameLength } from './header.ts';
import type { SessionKeys } from './session-keys.ts';
import { SmbError } from './smb-fault.ts';
import type { SmbCipher } from './smb-files.ts';

export const TRANSFORM_BYTES = 52;
const TAG_BYTES = 16;
/** Authenticated are the nonce and all behind it (MS-SMB2 2.2.41). */
const AUTHENTICATED_AT = 20;
/** "Encrypted", the one value that 3.x knows. */
const ENCRYPTED = 1;

type Engine =
  | { kind: 'gcm'; name: CipherGCMTypes; nonceBytes: 12 }
  | { kind: 'ccm'; name: CipherCCMTypes; nonceBytes: 11 };

const ENGINES: Readonly<Record<SmbCipher, Engine>> = {
  'AES-128-CCM': { kind: 'ccm', name: 'aes-128-ccm', nonceBytes: 11 },
  'AES-128-GCM': { kind: 'gcm', name: 'aes-128-gcm', nonceBytes: 12 },
  'AES-256-CCM': { kind: 'ccm', name: 'aes-256-ccm', nonceBytes: 11 },
  'AES-256-GCM': { kind: 'gcm', name: 'aes-256-gcm', nonceBytes: 12 },
};

function encrypt(engine: Engine, key: Buffer, head: Buffer, plain: Buffer): Buffer {
  const nonce = head.subarray(20, 20 + engine.nonceBytes);
  const aad = head.subarray(AUTHENTICATED_AT);
  if (engine.kind === 'gcm') {
    const cipher = createCipheriv(engine.name, key, nonce);
    const sealed = cipher.setAAD(aad).update(plain);
    cipher.final();
    cipher.getAuthTag().copy(head, 4);
    return sealed;
  }
  const cipher = createCipheriv(engine.name, key, nonce, { authTagLength: TAG_BYTES });
  const sealed = cipher.setAAD(aad, { plaintextLength: plain.length }).update(plain);
  cipher.final();
  cipher.getAuthTag().copy(head, 4);
  return sealed;
}

/** Throws where the tag is wrong. */
function decrypt(engine: Engine, key: Buffer, head: Buffer, sealed: Buffer): Buffer {
  const nonce = head.subarray(20, 20 + engine.nonceBytes);
  const aad = head.subarray(AUTHENTICATED_AT);
  const tag = head.subarray(4, 4 + TAG_BYTES);
  if (engine.kind === 'gcm') {
    const cipher = createDecipheriv(engine.name, key, nonce, { authTagLength: TAG_BYTES });
    const plain = cipher.setAAD(aad).setAuthTag(tag).update(sealed);
    cipher.final();
    return plain;
  }
  const cipher = createDecipheriv(engine.name, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAuthTag(tag).setAAD(aad, { plaintextLength: sealed.length });
  // CCM checks the tag here, before it hands anything out.
  const plain = cipher.update(sealed);
  cipher.final();
  return plain;
}

export class Encryption {
  readonly #engine: Engine;
  readonly #keys: SessionKeys;
  readonly #sessionId: bigint;
  /** Counts messages of this key: a nonce that came twice would give the key's secrets away. */
  #count = 0;

  constructor(cipher: SmbCipher, keys: SessionKeys, sessionId: bigint) {
    this.#engine = ENGINES[cipher];
    this.#keys = keys;
    this.#sessionId = sessionId;
  }

  /** The frame's length and the transform header, then the cipher text. */
  seal(message: Buffer): [Buffer, Buffer] {
    const start = Buffer.alloc(FRAME_BYTES + TRANSFORM_BYTES);
    const head = start.subarray(FRAME_BYTES);
    this.#count += 1;
    head.writeUInt32LE(TRANSFORM_ID, 0);
    writeU64(head, this.#count, 20);
    head.writeUInt32LE(message.length, 36);
    head.writeUInt16LE(ENCRYPTED, 42);
    head.writeBigUInt64LE(this.#sessionId, 44);
    const sealed = encrypt(this.#engine, this.#keys.encryption, head, message);
    writeFrameLength(start, TRANSFORM_BYTES + sealed.length);
    return [start, sealed];
  }

  open(frame: Buffer): Buffer {
    const fields = new Fields(frame, 'encrypted message');
    const head = fields.slice(0, TRANSFORM_BYTES);
    const sealed = fields.rest(TRANSFORM_BYTES);
    if (fields.u16(42) !== ENCRYPTED) throw fields.malformed('another kind of encryption');
    if (fields.u32(36) !== sealed.length) throw fields.malformed('its length is not what it says');
    if (head.readBigUInt64LE(44) !== this.#sessionId) throw fields.malformed('it belongs to another session');
    try {
      return decrypt(this.#engine, this.#keys.decryption, head, sealed);
    } catch (cause) {
      throw new SmbError('bad-signature', 'an encrypted message was changed on its way', { cause });
    }
  }
}
