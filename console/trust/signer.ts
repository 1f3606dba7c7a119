// The command line's signing key, made at first start in the data folder; the console itself never signs with it.
import path from 'node:path';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { createKeyFile, readKeyFile } from './key-file.ts';

export async function openSigner(data: string): Promise<SigningKey> {
  const file = path.join(data, 'cli', 'signer.key');
  return (await readKeyFile(file)) ?? (await createKeyFile(file));
}
