// The command line's signing key, made at first start in the data folder; the console itself never signs with it.
import { signerFile } from '#shared/crypto/cli-files.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { createKeyFile, readKeyFile } from './key-file.ts';

export async function openSigner(data: string): Promise<SigningKey> {
  const file = signerFile(data);
  return (await readKeyFile(file)) ?? (await createKeyFile(file));
}
