// A checkpoint of the audit trail: how far the hash chain reached and with which hash, signed by the console, kept by every relay.
import { z } from 'zod';
import { Bytes } from '#shared/base/bytes.ts';
import { PublicKey } from './charter.ts';

/** SHA-256 of a row, lower-case hex. */
export const RowHash = z.string().regex(/^[0-9a-f]{64}$/);

export const AuditCheckpoint = z.strictObject({
  v: z.literal(1),
  /** Which trail: the identity of the console's database. */
  console: z.uuid(),
  /** The newest row it speaks for. */
  seq: z.int().min(1),
  hash: RowHash,
  at: z.int().nonnegative(),
});
export type AuditCheckpoint = z.infer<typeof AuditCheckpoint>;

/** `signature`: Ed25519 by `key` over the checkpoint's text (shared/seal/checkpoint-seal.ts). */
export const SignedCheckpoint = z.strictObject({
  checkpoint: AuditCheckpoint,
  key: PublicKey,
  signature: Bytes.refine((bytes) => bytes.length === 64, 'an Ed25519 signature has 64 bytes'),
});
export type SignedCheckpoint = z.infer<typeof SignedCheckpoint>;
