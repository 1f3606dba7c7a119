// The consoles a person knows by name: their addresses, API tokens and authorities, in a private file of the person's own.
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';

export const ProfileName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, 'a profile name is lower-case letters, digits, dot, dash, underscore');

const NamedProfile = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  token: z.string().min(20),
  /** PEM of the authority that signed the console's certificate; public ones need none. */
  authority: z.string().optional(),
});
export type NamedProfile = z.infer<typeof NamedProfile>;

const ProfileBook = z.strictObject({
  /** Used when nothing else says which console is meant. */
  current: ProfileName.optional(),
  profiles: z.record(ProfileName, NamedProfile),
});
export type ProfileBook = z.infer<typeof ProfileBook>;

export function profileBookFile(environment: NodeJS.ProcessEnv): string {
  const folder = environment['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config');
  return path.join(folder, 'rmm', 'profiles.json');
}

/** Empty when there is no file; one that cannot be read is an error that names it. */
export function readProfileBook(file: string): ProfileBook {
  const text = readPrivateFile(file);
  if (text === undefined) return { profiles: {} };
  try {
    return ProfileBook.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('config-invalid', `${file} holds no profiles that this release can read`, { cause });
  }
}

export const writeProfileBook = (file: string, book: ProfileBook): void =>
  writePrivateFile(file, `${JSON.stringify(book, null, 2)}\n`);

/** Throws `not-found` naming what there is. */
export function profileOf(book: ProfileBook, name: string, file: string): NamedProfile {
  const found = Object.hasOwn(book.profiles, name) ? book.profiles[name] : undefined;
  if (found !== undefined) return found;
  const names = Object.keys(book.profiles).join(', ') || 'none';
  throw new AppError('not-found', `no profile ${name} in ${file}; there are: ${names}`);
}
