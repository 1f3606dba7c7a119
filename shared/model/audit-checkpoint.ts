// A checkpoint of the audit trail: how far the hash chain reached and with which hash, signed by the console, kept by every relay.
import { z } from 'zod';
import { Bytes } from '#shared/base/bytes.ts';
import { RelayId } from '#shared/base/id.ts';
import { PublicKey } from './charter.ts';

/** SHA-256 of a row, lower-case hex. */
export const RowHash = z.string().regex(/^[0-9a-f]{64}$/);

/** An Ed25519 signature has 64 bytes. */
export const SignatureBytes = Bytes.refine(({ length }) => length === 64, 'expected 64 bytes');

/** Which row, and its hash. */
export const TrailPoint = z.strictObject({ seq: z.int().min(1), hash: RowHash });
export type TrailPoint = z.infer<typeof TrailPoint>;

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

/** `signature`: by `key` over the checkpoint's text (shared/seal/checkpoint-seal.ts). */
export const SignedCheckpoint = z.strictObject({
  checkpoint: AuditCheckpoint,
  key: PublicKey,
  signature: SignatureBytes,
});
export type SignedCheckpoint = z.infer<typeof SignedCheckpoint>;

/** The first bytes of the hashes of the rows up to a checkpoint's, oldest first: by them the very row is named that was altered. */
export const MARK_BYTES = 8;
/** 512 rows are more than a busy minute writes. */
export const MAX_MARKS = 512;

/** Checkpoints in one answer: over a longer span they are chosen evenly, its ends among them. */
export const MAX_TOLD = 400;

const B64u = z.string().regex(/^[A-Za-z0-9_-]*$/);

/** What a relay holds, as it signs it with its own key; canonical JSON, so that the text is the proof. */
export const HeldStatement = z.strictObject({
  purpose: z.literal('held-audit'),
  v: z.literal(1),
  /** Key id of the relay. */
  spki: B64u.length(43),
  relay: RelayId,
  /** Of whoever asked. */
  nonce: B64u.length(43),
  /** The trail and the audit key it pinned; null before the first checkpoint. */
  console: z.uuid().nullable(),
  key: B64u.length(43).nullable(),
  newest: TrailPoint.extend({ at: z.int() }).nullable(),
  /** Checkpoints it holds of this trail. */
  count: z.int().nonnegative(),
  /** Those of the span that was asked for, oldest first. */
  checkpoints: z.array(TrailPoint).max(MAX_TOLD),
});
export type HeldStatement = z.infer<typeof HeldStatement>;
