// Reads an owner key from the file it was exported to, or in which its words were typed; one that others can read is refused.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import { PublicKey } from '#shared/model/charter.ts';
import { importSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';
import { keyOfWords } from '#shared/seal/paper-key.ts';

export async function loadOwner(file: string): Promise<SigningKey> {
  const { mode } = await stat(file).catch((cause: unknown) => {
    throw new AppError('not-found', `no owner key in ${file}: name the file it was exported to with --owner-key`, {
      cause,
    });
  });
  if ((mode & 0o077) !== 0) throw new AppError('denied', `${file} is readable by others: chmod 600 it`);
  const text = await readFile(file, 'utf8');
  return text.trimStart().startsWith('{') ? importSigningKey(text) : keyOfWords(text);
}

export const ownerFile = (options: { data: string; ownerKey?: string | undefined }): string =>
  options.ownerKey ?? path.join(options.data, 'owner', 'owner.key');

/** The public half of the key for paper, where this data folder made one: a first charter names it beside the owner. */
export function paperOwner(data: string): PublicKey | undefined {
  const text = readPrivateFile(path.join(data, 'owner', 'paper.pub'));
  if (text === undefined) return undefined;
  try {
    return PublicKey.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('config-invalid', `${path.join(data, 'owner', 'paper.pub')} holds no public key`, { cause });
  }
}
