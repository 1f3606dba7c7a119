// How the command line reaches a console: its address and API token from the data folder of this machine, or from the environment.
import { AppError } from '#shared/base/errors.ts';
import { Profile, profileFile, readProfile } from '#shared/crypto/cli-files.ts';

export interface ProfileOptions {
  data: string;
  url?: string | undefined;
}

export async function loadProfile(options: ProfileOptions, environment: NodeJS.ProcessEnv): Promise<Profile> {
  const token = environment['RMM_TOKEN'];
  const url = options.url ?? environment['RMM_URL'];
  if (token !== undefined && url !== undefined) return Profile.parse({ url, token });
  const profile = readProfile(options.data);
  if (profile === undefined) {
    const file = profileFile(options.data);
    throw new AppError(
      'unauthenticated',
      `no console profile in ${file}: start the console here once, or set RMM_URL and RMM_TOKEN`,
    );
  }
  return url === undefined ? profile : { ...profile, url };
}
