// Reads an owner key from the file it was exported to; one that others can read is refused.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';
import { importSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';

export async function loadOwner(file: string): Promise<SigningKey> {
  const { mode } = await stat(file).catch((cause: unknown) => {
    throw new AppError('not-found', `no owner key in ${file}: name the file it was exported to with --owner-key`, {
      cause,
    });
  });
  if ((mode & 0o077) !== 0) throw new AppError('denied', `${file} is readable by others: chmod 600 it`);
  return importSigningKey(await readFile(file, 'utf8'));
}

export const ownerFile = (options: { data: string; ownerKey?: string | undefined }): string =>
  options.ownerKey ?? path.join(options.data, 'owner', 'owner.key');
