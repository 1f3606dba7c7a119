// Signing a batch of manifests with human keys, and proving at the relay that exactly this text was signed, and by whom.
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import { Manifest, type Signature, type SignedManifest, signaturesOf } from '#shared/model/manifest.ts';
import { canonicalJson, parseCanonical } from './canonical.ts';
import type { SigningKey } from './key-pair.ts';
import { merkleTree, rootFromPath, rootOfOne } from './merkle.ts';
import { proveSignatures } from './signature-check.ts';
import { signStrict } from './strict-jws.ts';

const TYPE = 'rmm-batch';

/** What a key signs: `root` over the manifests, `total` the devices of the whole batch. 1: a batch of one. */
const statementOf = (v: 1 | 2, root: string, total: number) => canonicalJson({ v, kind: 'batch', root, total });

/** A batch nobody has signed yet: each manifest's text with its place, and the one statement that covers all. */
export interface BatchDraft {
  statement: string;
  parts: Array<Pick<SignedManifest, 'manifest' | 'batch'>>;
}

export async function draftBatch(manifests: readonly Manifest[]): Promise<BatchDraft> {
  const texts = manifests.map((manifest) => canonicalJson(Manifest.parse(manifest)));
  const total = manifests.reduce((sum, manifest) => sum + manifest.targets.length, 0);
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) {
    const part = { manifest: only, batch: { index: 0, count: 1, path: [], total } };
    return { statement: statementOf(1, await rootOfOne(only), total), parts: [part] };
  }
  const leaves = manifests.map(({ targets }, i) => ({ text: texts[i] ?? '', weight: targets.length }));
  const { root, paths } = await merkleTree(leaves);
  const parts = texts.map((manifest, index) => {
    const { hashes: path, sums } = paths[index] ?? { hashes: [], sums: [] };
    return { manifest, batch: { index, count: texts.length, path, sums, total } };
  });
  return { statement: statementOf(2, root, total), parts };
}

/** The Ed25519 signature of one key on the statement of a batch. */
export const signStatement = (statement: string, signer: SigningKey): Promise<string> =>
  signStrict(statement, TYPE, signer);

/** Every part of a batch with the same signatures. */
export const sealBatch = (parts: BatchDraft['parts'], signatures: readonly [Signature, ...Signature[]]) =>
  parts.map((part) => withSignatures(part, signatures));

function withSignatures(
  { manifest, batch }: Pick<SignedManifest, 'manifest' | 'batch'>,
  [signature, ...others]: readonly [Signature, ...Signature[]],
): SignedManifest {
  const signed = { manifest, batch, signature };
  return others.length === 0 ? signed : { ...signed, countersignatures: others };
}

/** The same order with one more signature on its statement. */
export const countersigned = (signed: SignedManifest, more: Signature): SignedManifest =>
  withSignatures(signed, [signed.signature, ...(signed.countersignatures ?? []), more]);

/** One signature over all of `manifests` (one per relay); each comes back with its own path to the signed root. */
export async function signBatch(manifests: readonly Manifest[], signer: SigningKey): Promise<SignedManifest[]> {
  const { statement, parts } = await draftBatch(manifests);
  return sealBatch(parts, [await signStatement(statement, signer)]);
}

/** The statement that covers `signed`, worked out from its own text and place: what another person has to sign. */
export async function statementFor({ manifest, batch }: SignedManifest): Promise<string> {
  const { index, count, path, sums, total } = batch;
  const isOne = count === 1 && index === 0 && path.length === 0 && sums === undefined;
  if (isOne) return statementOf(1, await rootOfOne(manifest), total);
  const leaf = { text: manifest, weight: weightOf(batch) };
  const root = await rootFromPath(leaf, { index, count }, { hashes: path, sums: sums ?? [] });
  if (root === undefined || count === 1)
    throw new AppError('signature-invalid', 'the manifest has no place in its batch');
  return statementOf(2, root, total);
}

/** Devices that the batch counts for this manifest: what the total leaves after all others. */
const weightOf = ({ total, sums = [] }: SignedManifest['batch']): number =>
  sums.reduce((rest, sum) => rest - sum, total);

export interface VerifiedManifest {
  manifest: Manifest;
  /** All who signed, in their order. */
  signers: Signer[];
  /** Devices of the whole batch, and manifests in it. */
  total: number;
  count: number;
}

/**
 * Proves that signers of `charter` signed this text. Nothing of the text is parsed before the proof stands.
 * Says nothing about time, site, relay, caps, or whether these signatures are enough: see `checkManifest`; nor about
 * replay: the journal knows ids.
 */
export async function verifySignedManifest(signed: SignedManifest, charter: Charter): Promise<VerifiedManifest> {
  const text = await statementFor(signed);
  const signers = await proveSignatures(signaturesOf(signed), { text, typ: TYPE }, charter);
  const manifest = readManifest(signed.manifest);
  const { total, count } = signed.batch;
  const counted = weightOf(signed.batch);
  if (manifest.targets.length !== counted) {
    const named = manifest.targets.length;
    throw new AppError(
      'manifest-invalid',
      `manifest ${manifest.id}: names ${named} devices, its batch counts ${counted}`,
    );
  }
  return { manifest, signers, total, count };
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
