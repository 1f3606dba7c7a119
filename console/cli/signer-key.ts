// The command line's own signing key, made by the first start on this machine and never sent anywhere.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';
import { importSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';

export async function loadSigner(data: string): Promise<SigningKey> {
  const file = path.join(data, 'cli', 'signer.key');
  let text: string;
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0) throw new AppError('denied', `${file} is readable by others: chmod 600 it`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('denied', `no signing key in ${file}: nothing can be ordered from here`, { cause: error });
  }
  return importSigningKey(text);
}
