// The command line's own signing key, made by the first start on this machine and never sent anywhere.
import { AppError } from '#shared/base/errors.ts';
import { signerFile } from '#shared/crypto/cli-files.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import { importSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';

export async function loadSigner(data: string, keyFile?: string): Promise<SigningKey> {
  const file = keyFile ?? signerFile(data);
  const text = readPrivateFile(file);
  if (text === undefined) throw new AppError('denied', `no signing key in ${file}: nothing can be ordered from here`);
  return await importSigningKey(text);
}
