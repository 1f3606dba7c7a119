// Signing a batch of manifests with one human key, and proving at the relay that exactly this text was signed.
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import { Manifest, type SignedManifest } from '#shared/model/manifest.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';
import type { SigningKey } from './key-pair.ts';
import { merkleTree, rootFromPath } from './merkle.ts';
import { openStrict, signStrict } from './strict-jws.ts';

const TYPE = 'rmm-batch';

/** What the key signs: `root` over the manifests, `total` the devices of the whole batch. */
const BatchStatement = z.strictObject({
  v: z.literal(1),
  kind: z.literal('batch'),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  total: z.int().min(1),
});

/** One signature over all of `manifests` (one per relay); each comes back with its own path to the signed root. */
export async function signBatch(manifests: readonly Manifest[], signer: SigningKey): Promise<SignedManifest[]> {
  const texts = manifests.map((manifest) => canonicalJson(Manifest.parse(manifest)));
  const total = manifests.reduce((sum, manifest) => sum + manifest.targets.length, 0);
  const { root, paths } = await merkleTree(texts);
  const signature = await signStrict(canonicalJson({ v: 1, kind: 'batch', root, total }), TYPE, signer);
  return texts.map((manifest, index) => ({
    manifest,
    batch: { index, count: texts.length, path: paths[index] ?? [], total },
    signature,
  }));
}

export interface VerifiedManifest {
  manifest: Manifest;
  signer: Signer;
  /** Devices of the whole batch, and manifests in it. */
  total: number;
  count: number;
}

/**
 * Proves that a signer of `charter` signed this text. Nothing of the text is parsed before the proof stands.
 * Says nothing about time, site, relay or caps: see `checkManifest`; nor about replay: the journal knows ids.
 */
export async function verifySignedManifest(signed: SignedManifest, charter: Charter): Promise<VerifiedManifest> {
  const keys = charter.signers.map((signer) => signer.key);
  const opened = await openStrict(signed.signature, TYPE, keys);
  const signer = charter.signers.find((candidate) => candidate.key === opened?.signer);
  if (opened === undefined || signer === undefined) {
    throw new AppError('signature-invalid', `no signer of charter ${charter.version} signed this manifest`);
  }
  const statement = BatchStatement.safeParse(parseCanonical(opened.payload));
  if (!statement.success) throw new AppError('manifest-invalid', 'the signed batch statement has not its form');
  const { index, count, path, total } = signed.batch;
  const root = await rootFromPath(signed.manifest, { index, count }, path);
  if (root !== statement.data.root || total !== statement.data.total) {
    throw new AppError('signature-invalid', 'the manifest is not the one that was signed');
  }
  const manifest = readManifest(signed.manifest);
  if (manifest.targets.length > total) {
    throw new AppError('manifest-invalid', `manifest ${manifest.id}: more targets than its whole batch`);
  }
  return { manifest, signer, total, count };
}

/** The manifest of a text, without any proof: for showing, and for reading what is proven elsewhere. */
export function readManifest(text: string): Manifest {
  const parsed = Manifest.safeParse(parseCanonical(text));
  if (!parsed.success) {
    throw new AppError('manifest-invalid', `the manifest has not its form: ${z.prettifyError(parsed.error)}`);
  }
  const manifest = parsed.data;
  const ids = [manifest.id, ...manifest.targets.map((target) => target.device)];
  // One spelling per id: a journal that compares text must never meet the same id twice.
  if (ids.some((id) => id !== id.toLowerCase())) {
    throw new AppError('manifest-invalid', 'the manifest spells an id in upper case');
  }
  if (new Set(ids.slice(1)).size !== manifest.targets.length) {
    throw new AppError('manifest-invalid', `manifest ${manifest.id}: a device is named twice`);
  }
  return manifest;
}
