// What a console leaves in its data folder for the command line of the same machine: how to reach it, and a key to sign with.
import path from 'node:path';
import { z } from 'zod';
import { readPrivateFile } from './private-file.ts';

/** Where the console is and the API token it is asked with. */
export const Profile = z.strictObject({ url: z.url(), token: z.string().min(20) });
export type Profile = z.infer<typeof Profile>;

export const profileFile = (data: string): string => path.join(data, 'cli', 'profile.json');
export const signerFile = (data: string): string => path.join(data, 'cli', 'signer.key');

/** Undefined when there is none, or when what stands there is no profile: the console's next start makes a new one. */
export function readProfile(data: string): Profile | undefined {
  const text = readPrivateFile(profileFile(data));
  try {
    return text === undefined ? undefined : Profile.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
