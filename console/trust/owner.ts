// The two owner keys of this instance: made at first start; one is taken out as a file, one is written on paper, by the people they belong to.
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';
import { createPrivateFile, readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { PublicKey } from '#shared/model/charter.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { isKeyIdTrue, type SigningKey } from '#shared/seal/key-pair.ts';
import { keyOfWords, paperWords } from '#shared/seal/paper-key.ts';
import { createKeyFile, readKeyFile } from './key-file.ts';

const keyFile = (data: string) => path.join(data, 'owner', 'owner.key');
const publicFile = (data: string) => path.join(data, 'owner', 'owner.pub');
const paperFile = (data: string) => path.join(data, 'owner', 'paper.key');
const paperPublicFile = (data: string) => path.join(data, 'owner', 'paper.pub');

export interface Owner {
  /** Its `id` is the fingerprint that a person passes to a relay by hand. */
  publicKey: PublicKey;
  /** Absent once it was exported: then new sites and raised caps need the person who holds it. */
  key?: SigningKey;
  /** The second one, for paper; an instance of an earlier release has none. */
  paper?: PublicKey;
}

/** The owner keys of `data`, both made when there has never been one. */
export async function openOwner(data: string): Promise<Owner> {
  const key = await readKeyFile(keyFile(data));
  const publicKey = await readPublic(publicFile(data));
  if (key === undefined && publicKey === undefined) return makeOwner(data);
  const held = await paperOf(data);
  if (key === undefined && publicKey !== undefined) return { publicKey, ...held };
  if (key !== undefined && publicKey !== undefined && key.publicKey.id !== publicKey.id) {
    throw new AppError('owner-mismatch', `${keyFile(data)} is not the key of ${publicFile(data)}`);
  }
  const owned = key ?? (await createKeyFile(keyFile(data)));
  if (publicKey === undefined) writePublic(publicFile(data), owned);
  return { publicKey: owned.publicKey, key: owned, ...held };
}

/** The public half of the first one is written last: a start that was cut short begins anew, with the keys that are there. */
async function makeOwner(data: string): Promise<Owner> {
  const paper = (await readKeyFile(paperFile(data))) ?? (await createKeyFile(paperFile(data)));
  writePublic(paperPublicFile(data), paper);
  const key = await createKeyFile(keyFile(data));
  writePublic(publicFile(data), key);
  return { publicKey: key.publicKey, key, paper: paper.publicKey };
}

const writePublic = (file: string, { publicKey }: SigningKey) =>
  writePrivateFile(file, `${canonicalJson(publicKey)}\n`);

/** What a first charter names beside the owner who signs it. */
async function paperOf(data: string): Promise<Pick<Owner, 'paper'>> {
  const paper = await readPublic(paperPublicFile(data));
  return paper === undefined ? {} : { paper };
}

async function readPublic(file: string): Promise<PublicKey | undefined> {
  const text = readPrivateFile(file);
  if (text === undefined) return undefined;
  const fault = () => new AppError('config-invalid', `${file} holds no public key`);
  let publicKey: PublicKey;
  try {
    publicKey = PublicKey.parse(JSON.parse(text));
  } catch {
    throw fault();
  }
  if (!(await isKeyIdTrue(publicKey))) throw fault();
  return publicKey;
}

/** True while the second owner key waits on this machine to be written on paper. */
export const hasUnwrittenPaper = (data: string): boolean => existsSync(paperFile(data));

async function paperKey(data: string): Promise<SigningKey> {
  const key = await readKeyFile(paperFile(data));
  if (key === undefined) throw new AppError('conflict', 'no key waits to be written on paper; it is no longer here');
  return key;
}

/** The words that are the second owner key, to be written down by hand. */
export async function readPaper(data: string): Promise<{ id: string; words: string }> {
  const key = await paperKey(data);
  return { id: key.publicKey.id, words: await paperWords(key) };
}

/** Takes the key for paper off this machine, once it was typed back from the paper. */
export async function forgetPaper(data: string, typed: string): Promise<PublicKey> {
  const { publicKey } = await paperKey(data);
  const back = await keyOfWords(typed);
  if (back.publicKey.id !== publicKey.id) throw new AppError('owner-mismatch', 'these are the words of another key');
  rmSync(paperFile(data));
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
