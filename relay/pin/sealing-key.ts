// The X25519 key to which this relay's credentials are sealed: made once, 0600, its private half never leaves.
import path from 'node:path';
import { createPrivateFile, readPrivateFile } from '#shared/crypto/private-file.ts';
import { generateOpeningKey, importOpeningKey, type OpeningKey } from '#shared/seal/vault-box.ts';

const fileOf = (data: string) => path.join(data, 'identity', 'sealing.jwk');

/** Made at enrolment, or at the first start of a release that knows it. */
export async function openSealingKey(data: string): Promise<OpeningKey> {
  const text = readPrivateFile(fileOf(data));
  if (text !== undefined) return importOpeningKey(text);
  const { key, secretText } = await generateOpeningKey();
  createPrivateFile(fileOf(data), secretText);
  return key;
}
