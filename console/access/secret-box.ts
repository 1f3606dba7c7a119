// Seals what the console must be able to read again (the secrets of authenticator apps) with a key that is no part of the database.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface SecretBox {
  seal(secret: Uint8Array, owner: string): string;
  /** Throws `config-invalid` for what another key, or for another owner, was sealed. */
  open(sealed: string, owner: string): Buffer;
}

/** The key lies in a file of mode 0600 in the data folder; it is made at the first need. A copy of the database alone opens nothing. */
export const openSecretBox = (data: string): SecretBox => boxOfFile(path.join(data, 'sign-in', 'totp.key'));

/** The same with a key of its own, for what another room keeps. */
export const boxOfFile = (file: string): SecretBox => secretBox(keyOf(file));

export function keyOf(file: string): Buffer {
  const stored = readPrivateFile(file);
  if (stored === undefined) {
    const key = randomBytes(KEY_BYTES);
    writePrivateFile(file, `${key.toString('base64url')}\n`);
    return key;
  }
  const key = Buffer.from(stored.trim(), 'base64url');
  if (key.length !== KEY_BYTES) throw new AppError('config-invalid', `${file}: not a key of ${KEY_BYTES} bytes`);
  return key;
}

export function secretBox(key: Buffer): SecretBox {
  return {
    seal: (secret, owner) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url');
    },
    open: (sealed, owner) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const tagAt = bytes.length - TAG_BYTES;
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(tagAt));
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, tagAt)), decipher.final()]);
      } catch (cause) {
        throw new AppError('config-invalid', 'a sealed secret does not open with the key of this data folder', {
          cause,
        });
      }
    },
  };
}
