// The owner key of this instance: made at first start, and taken out of the data folder by the person it belongs to.
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';
import { createPrivateFile, readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { PublicKey } from '#shared/model/charter.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { isKeyIdTrue, type SigningKey } from '#shared/seal/key-pair.ts';
import { createKeyFile, readKeyFile } from './key-file.ts';

const keyFile = (data: string) => path.join(data, 'owner', 'owner.key');
const publicFile = (data: string) => path.join(data, 'owner', 'owner.pub');

export interface Owner {
  /** Its `id` is the fingerprint that a person passes to a relay by hand. */
  publicKey: PublicKey;
  /** Absent once it was exported: then new sites and raised caps need the person who holds it. */
  key?: SigningKey;
}

/** The owner key of `data`, made when there has never been one. */
export async function openOwner(data: string): Promise<Owner> {
  const key = await readKeyFile(keyFile(data));
  const publicKey = await readPublic(data);
  if (key === undefined && publicKey !== undefined) return { publicKey };
  if (key !== undefined && publicKey !== undefined && key.publicKey.id !== publicKey.id) {
    throw new AppError('owner-mismatch', `${keyFile(data)} is not the key of ${publicFile(data)}`);
  }
  const owned = key ?? (await createKeyFile(keyFile(data)));
  if (publicKey === undefined) writePrivateFile(publicFile(data), `${canonicalJson(owned.publicKey)}\n`);
  return { publicKey: owned.publicKey, key: owned };
}

async function readPublic(data: string): Promise<PublicKey | undefined> {
  const text = readPrivateFile(publicFile(data));
  if (text === undefined) return undefined;
  const fault = () => new AppError('config-invalid', `${publicFile(data)} holds no public key`);
  let publicKey: PublicKey;
  try {
    publicKey = PublicKey.parse(JSON.parse(text));
  } catch {
    throw fault();
  }
  if (!(await isKeyIdTrue(publicKey))) throw fault();
  return publicKey;
}

/** True while whoever takes this machine takes the fleet's owner key too: the banner stays until it is exported. */
export const hasUnexportedOwner = (data: string): boolean => existsSync(keyFile(data));

/**
 * Moves the owner key into `target`, a new file in a folder that exists. The key leaves the data folder only after the
 * copy was read back.
 */
export async function exportOwner(data: string, target: string): Promise<PublicKey> {
  const { key, publicKey } = await openOwner(data);
  if (key === undefined) throw new AppError('conflict', 'the owner key was exported before; it is no longer here');
  const file = path.resolve(target);
  if (!existsSync(path.dirname(file))) throw new AppError('not-found', `${path.dirname(file)}: no such folder`);
  const text = readPrivateFile(keyFile(data)) ?? '';
  createPrivateFile(file, text);
  const copy = await readKeyFile(file);
  if (copy?.publicKey.id !== publicKey.id) throw new AppError('internal', `${file}: the copy does not read back`);
  rmSync(keyFile(data));
  return publicKey;
}
