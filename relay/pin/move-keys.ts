// Moves the relay's two private keys out of its data folder into files that `systemd-creds encrypt` reads next.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';
import { createPrivateFile, readPrivateFile, removeLeftovers, writePrivateFile } from '#shared/crypto/private-file.ts';
import { IdentityStore, identityFile } from './identity.ts';
import { openSealingKey, SEALING_KEY_MOVED, sealingKeyFile } from './sealing-key.ts';
import { IDENTITY_CREDENTIAL, SEALING_CREDENTIAL } from './system-credentials.ts';

/** Both are written and on disk before either is taken out; where it stops halfway the relay still has its keys. */
export async function moveKeys(data: string, folder: string): Promise<string[]> {
  const store = new IdentityStore(data, {});
  if (store.enrolment === undefined) throw new AppError('certificate-unknown', `${data}: not enrolled`);
  await openSealingKey(data, {});
  const sealing = readPrivateFile(sealingKeyFile(data));
  if (sealing === undefined) throw new AppError('internal', `${data}: no sealing key`);
  const files = [IDENTITY_CREDENTIAL, SEALING_CREDENTIAL].map((name) => path.join(folder, name));
  const [identityTo = '', sealingTo = ''] = files;
  const taken = files.find((file) => existsSync(file));
  if (taken !== undefined) throw new AppError('conflict', `${taken}: already there; nothing was moved`);
  createPrivateFile(identityTo, store.privateKey);
  createPrivateFile(sealingTo, sealing);
  store.forgetPrivateKey();
  writePrivateFile(sealingKeyFile(data), SEALING_KEY_MOVED);
  for (const file of [identityFile(data), sealingKeyFile(data)]) removeLeftovers(file);
  return files;
}
