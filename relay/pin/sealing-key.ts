// The X25519 key to which this relay's credentials are sealed: made once, 0600 or a system credential; its private half never leaves.
import path from 'node:path';
import { createPrivateFile, readPrivateFile } from '#shared/crypto/private-file.ts';
import { generateOpeningKey, importOpeningKey, type OpeningKey } from '#shared/seal/vault-box.ts';
import { type Environment, missingCredential, readSystemCredential, SEALING_CREDENTIAL } from './system-credentials.ts';

export const sealingKeyFile = (data: string) => path.join(data, 'identity', 'sealing.jwk');

/** Stands in the file once the key was moved away: without it a start without the credential would make another key. */
export const SEALING_KEY_MOVED = `{"kept":"${SEALING_CREDENTIAL}"}\n`;

/** Made at enrolment, or at the first start of a release that knows it. */
export async function openSealingKey(data: string, environment: Environment = process.env): Promise<OpeningKey> {
  const file = sealingKeyFile(data);
  const text = readPrivateFile(file);
  if (text !== undefined && text !== SEALING_KEY_MOVED) return importOpeningKey(text);
  const handedOver = readSystemCredential(SEALING_CREDENTIAL, environment);
  if (handedOver !== undefined) return importOpeningKey(handedOver);
  if (text !== undefined) throw missingCredential('the sealing key', SEALING_CREDENTIAL);
  const { key, secretText } = await generateOpeningKey();
  createPrivateFile(file, secretText);
  return key;
}
