// Keys that systemd hands over when the relay starts, decrypted for it alone; without them the keys lie in 0600 files of the data folder.
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** As the unit names them. */
export const IDENTITY_CREDENTIAL = 'rmm-relay-identity';
export const SEALING_CREDENTIAL = 'rmm-relay-sealing';

/** A key takes some hundred bytes. */
const MAX_BYTES = 16_384;

/**
 * The text of a credential, or undefined where the service manager handed none over. The folder is memory that only this
 * service sees; a file in it that everybody may read came from somewhere else, and is refused.
 */
export function readSystemCredential(name: string, environment: Environment): string | undefined {
  const folder = environment['CREDENTIALS_DIRECTORY'];
  if (folder === undefined || folder === '') return undefined;
  if (!path.isAbsolute(folder)) throw new AppError('config-invalid', 'CREDENTIALS_DIRECTORY: not an absolute path');
  const file = path.join(folder, name);
  if (!existsSync(file)) return undefined;
  const { mode, size } = statSync(file);
  // An access list of systemd shows as bits of the group.
  if ((mode & 0o007) !== 0) throw new AppError('config-invalid', `${file}: everybody may read it`);
  if (size > MAX_BYTES) throw new AppError('too-large', `${file}: no key is that long`);
  return readFileSync(file, 'utf8');
}

/** What is wrong where a key was moved away and did not come back. */
export function missingCredential(what: string, name: string): AppError {
  const how = `start it with the unit that loads it, or copy the key back (docs/operations.md)`;
  return new AppError(
    'config-invalid',
    `${what} is kept as the system credential ${name}, which was not handed over: ${how}`,
  );
}
