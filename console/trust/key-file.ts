// A signing key in a 0600 file: read when it is there, made when it is not.
import { createPrivateFile, readPrivateFile } from '#shared/crypto/private-file.ts';
import { exportSigningKey, generateSigningKey, importSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';

export async function readKeyFile(file: string): Promise<SigningKey | undefined> {
  const text = readPrivateFile(file);
  return text === undefined ? undefined : importSigningKey(text);
}

/** A new key in `file`; a name that is taken is never overwritten. */
export async function createKeyFile(file: string): Promise<SigningKey> {
  const key = await generateSigningKey();
  createPrivateFile(file, await exportSigningKey(key));
  return key;
}
