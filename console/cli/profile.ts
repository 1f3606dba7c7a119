// How the command line reaches a console: its address and API token from the data folder of this machine, or from the environment.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';

/** Written 0600 by the console at its first start as `<data>/cli/profile.json`. */
export const Profile = z.strictObject({ url: z.url(), token: z.string().min(20) });
export type Profile = z.infer<typeof Profile>;

export interface ProfileOptions {
  data: string;
  url?: string | undefined;
}

export async function loadProfile(options: ProfileOptions, environment: NodeJS.ProcessEnv): Promise<Profile> {
  const token = environment['RMM_TOKEN'];
  const url = options.url ?? environment['RMM_URL'];
  if (token !== undefined && url !== undefined) return Profile.parse({ url, token });
  const file = path.join(options.data, 'cli', 'profile.json');
  const profile = await readProfile(file);
  return url === undefined ? profile : { ...profile, url };
}

async function readProfile(file: string): Promise<Profile> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0) throw new AppError('denied', `${file} is readable by others: chmod 600 it`);
    return Profile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'unauthenticated',
      `no console profile in ${file}: start the console here once, or set RMM_URL and RMM_TOKEN`,
      {
        cause: error,
      },
    );
  }
}
