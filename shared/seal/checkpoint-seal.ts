// Signing a checkpoint of the audit trail, and telling whether a signature on one stands.
import { AppError } from '#shared/base/errors.ts';
import { AuditCheckpoint, type SignedCheckpoint } from '#shared/model/audit-checkpoint.ts';
import { canonicalJson } from './canonical.ts';
import { importPublicKey, isKeyIdTrue, type SigningKey } from './key-pair.ts';

const encoder = new TextEncoder();

/** The bytes that are signed; `purpose` keeps another kind of text from passing for a checkpoint. */
export const checkpointBytes = (checkpoint: AuditCheckpoint): Uint8Array<ArrayBuffer> =>
  encoder.encode(canonicalJson({ ...AuditCheckpoint.parse(checkpoint), purpose: 'rmm-audit-checkpoint' }));

export async function signCheckpoint(checkpoint: AuditCheckpoint, key: SigningKey): Promise<SignedCheckpoint> {
  const signature = await crypto.subtle.sign('Ed25519', key.privateKey, checkpointBytes(checkpoint));
  return { checkpoint, key: key.publicKey, signature: new Uint8Array(signature) };
}

/** Throws `signature-invalid` unless `key` is what it says and signed exactly this. Whose key it is, is for the caller to judge. */
export async function verifyCheckpoint({ checkpoint, key, signature }: SignedCheckpoint): Promise<void> {
  const isGood =
    (await isKeyIdTrue(key)) &&
    // A copy: what came off a wire may lie in a shared buffer, which WebCrypto refuses.
    (await crypto.subtle.verify(
      'Ed25519',
      await importPublicKey(key),
      Uint8Array.from(signature),
      checkpointBytes(checkpoint),
    ));
  if (!isGood)
    throw new AppError(
      'signature-invalid',
      `audit checkpoint ${checkpoint.seq}: the signature is not by key ${key.id}`,
    );
}
