// Adding, listing and forgetting the logins of a site, from the command line of the relay's machine.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { AppError } from '#shared/base/errors.ts';
import { CredentialName } from '#shared/model/device.ts';
import { becomeOwnerOf } from './folder-owner.ts';

interface Given {
  user: string;
  keyFile: string | undefined;
  password: string | undefined;
  passphrase: string | undefined;
}

const storeOf = (data: string) => new CredentialStore(path.join(data, 'credentials'));

function nameOf(text: string): string {
  const parsed = CredentialName.safeParse(text);
  if (!parsed.success)
    throw new AppError('bad-request', `credential "${text}": ${parsed.error.issues[0]?.message ?? 'not a name'}`);
  return parsed.data;
}

export async function addCredentialFile(data: string, name: string, given: Given): Promise<void> {
  const { user, keyFile, password, passphrase } = given;
  if (keyFile === undefined && password === undefined)
    throw new AppError('bad-request', 'a login needs --key-file or --password-stdin');
  // Read first: it may be a file that only root can read.
  const privateKey = keyFile === undefined ? undefined : await readFile(keyFile, 'utf8');
  await becomeOwnerOf(data);
  storeOf(data).add(nameOf(name), {
    user,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(password === undefined ? {} : { password }),
    ...(passphrase === undefined ? {} : { passphrase }),
  });
}

export const listCredentialFiles = (data: string): string[] => storeOf(data).list();

export function removeCredentialFile(data: string, name: string): void {
  if (!storeOf(data).remove(nameOf(name))) throw new AppError('not-found', `no credential "${name}"`);
}
