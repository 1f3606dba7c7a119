// Which console the command line means: a profile by name, the environment, the data folder of this machine, or the profile in use.
import { AppError } from '#shared/base/errors.ts';
import { profileFile, readProfile } from '#shared/crypto/cli-files.ts';
import { type NamedProfile, profileBookFile, profileOf, readProfileBook } from './profile-file.ts';

export interface ProfileOptions {
  data: string;
  url?: string | undefined;
  profile?: string | undefined;
}

/** The first that is said, in this order: `--profile`, RMM_URL with RMM_TOKEN, the data folder, the profile in use. */
export async function loadProfile(options: ProfileOptions, environment: NodeJS.ProcessEnv): Promise<NamedProfile> {
  const file = profileBookFile(environment);
  const name = options.profile ?? environment['RMM_PROFILE'];
  if (name !== undefined) return profileOf(readProfileBook(file), name, file);
  const token = environment['RMM_TOKEN'];
  const url = options.url ?? environment['RMM_URL'];
  if (token !== undefined && url !== undefined) return { url, token };
  const local = readProfile(options.data);
  if (local !== undefined) return url === undefined ? local : { ...local, url };
  const book = readProfileBook(file);
  if (book.current !== undefined) return profileOf(book, book.current, file);
  throw new AppError(
    'unauthenticated',
    `no console profile in ${profileFile(options.data)} nor in ${file}: start the console here once, set RMM_URL and RMM_TOKEN, or \`rmm profile add\``,
  );
}
