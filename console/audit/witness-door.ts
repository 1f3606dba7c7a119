// What the audit trail asks of its witnesses; the links to the relays are behind it.
import type { RelayId } from '#shared/base/id.ts';
import type { HeldStatement } from '#shared/model/audit-checkpoint.ts';

/** What a relay holds, and the proof that it says so. */
export interface Held {
  statement: HeldStatement;
  /** The statement as its key signed it. */
  text: string;
  spki: Uint8Array;
  signature: Uint8Array;
}

export interface WitnessDoor {
  /** Connected, and of a release that is a witness. */
  isLinked(relay: RelayId): boolean;
  /** What it holds of a span of rows. Throws `unavailable`, `timed-out`, or `signature-invalid` for what its key did not sign. */
  held(relay: RelayId, nonce: Uint8Array, from: number, to: number): Promise<Held>;
  /** The first bytes of the hashes of the rows up to a checkpoint's, oldest first. */
  marks(relay: RelayId, seq: number): Promise<Uint8Array>;
}

/** A relay that may be a witness. */
export interface Witness {
  id: RelayId;
  name: string;
  siteName: string;
  /** base64url SHA-256 of its SubjectPublicKeyInfo. */
  keyId: string;
}
