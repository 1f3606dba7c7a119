// What a build made, file by file with size and SHA-256, and the release key's signature over exactly those bytes.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';

export const MANIFEST_FILE = 'release.json';
export const SIGNATURE_FILE = 'release.json.sig';

/** A plain name: no manifest leads out of its folder. */
const FileName = z.string().regex(/^[\w][\w.-]*$/);

const ReleaseManifest = z.strictObject({
  name: z.string(),
  version: z.string(),
  platform: z.string(),
  /** The Node that the relay's archive holds. */
  node: z.string(),
  files: z
    .array(
      z.strictObject({
        name: FileName,
        bytes: z.number().int().nonnegative(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(100), // a release has a handful
});
export type ReleaseManifest = z.infer<typeof ReleaseManifest>;

async function describeFile(folder: string, name: string) {
  const bytes = await readFile(path.join(folder, name));
  return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Writes the manifest of `names`. A signature of an older one beside it does not fit any more. */
export async function writeManifest(folder: string, about: Omit<ReleaseManifest, 'files'>, names: readonly string[]) {
  const files = await Promise.all([...names].sort().map((name) => describeFile(folder, name)));
  const manifest = ReleaseManifest.parse({ ...about, files });
  await writeFile(path.join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** A new release key: two PEM texts, Ed25519. The private one belongs on the machine that releases, and nowhere else. */
export function newReleaseKey(): { privateKey: string; publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

export async function signManifest(folder: string, privateKey: string): Promise<void> {
  const key = createPrivateKey(privateKey);
  if (key.asymmetricKeyType !== 'ed25519') throw new AppError('config-invalid', 'the release key is no Ed25519 key');
  const signature = sign(null, await readFile(path.join(folder, MANIFEST_FILE)), key);
  await writeFile(path.join(folder, SIGNATURE_FILE), `${signature.toString('base64')}\n`);
}

async function readSigned(folder: string, publicKey: string): Promise<ReleaseManifest> {
  const key = createPublicKey(publicKey);
  if (key.asymmetricKeyType !== 'ed25519') throw new AppError('config-invalid', 'the release key is no Ed25519 key');
  const text = await readFile(path.join(folder, MANIFEST_FILE));
  const signature = await readFile(path.join(folder, SIGNATURE_FILE), 'utf8').catch((cause: unknown) => {
    throw new AppError('signature-missing', `${SIGNATURE_FILE}: not there`, { cause });
  });
  if (!verify(null, text, key, Buffer.from(signature.trim(), 'base64')))
    throw new AppError('signature-invalid', `${MANIFEST_FILE}: not signed by this key`);
  return ReleaseManifest.parse(JSON.parse(text.toString('utf8')));
}

/** The manifest, when this key signed it and each file is what it says. */
export async function verifyRelease(folder: string, publicKey: string): Promise<ReleaseManifest> {
  const manifest = await readSigned(folder, publicKey);
  for (const said of manifest.files) {
    const found = await describeFile(folder, said.name).catch((cause: unknown) => {
      throw new AppError('signature-invalid', `${said.name}: not there`, { cause });
    });
    if (found.sha256 !== said.sha256 || found.bytes !== said.bytes)
      throw new AppError('signature-invalid', `${said.name}: not the file that was released`);
  }
  return manifest;
}
