// The site charter: the trust document an owner signs and a relay pins. It says whose signature may run what, and how much.
import { z } from 'zod';
import { SiteId } from '#shared/base/id.ts';

/** base64url without padding. */
export const B64u = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** An Ed25519 public key: `id` is the base64url SHA-256 of the 32 raw bytes in `key`. */
export const PublicKey = z.strictObject({ id: B64u.length(43), key: B64u.length(43) });
export type PublicKey = z.infer<typeof PublicKey>;

export const Signer = z.strictObject({
  kind: z.literal('cli-ed25519'),
  key: PublicKey,
  name: z.string().min(1).max(120),
  role: z.enum(['technician', 'guardian']),
});
export type Signer = z.infer<typeof Signer>;

export const Caps = z.strictObject({
  /** Devices one manifest may name. */
  devicesPerManifest: z.int().min(1).max(10_000),
  /** Device executions in any ten minutes, counted at the relay and kept across its restarts. */
  devicesPerTenMinutes: z.int().min(1).max(100_000),
  maxTimeoutMs: z.int().min(1_000).max(86_400_000),
  maxOutputBytes: z
    .int()
    .min(1_024)
    .max(16 * 1024 * 1024),
});
export type Caps = z.infer<typeof Caps>;

/** Signed as canonical JSON by `quorum` of `owners`. A relay takes only a higher version, signed by the owners it pinned. */
export const Charter = z.strictObject({
  v: z.literal(1),
  version: z.int().min(1),
  site: SiteId,
  profile: z.enum(['solo', 'team', 'strict']),
  issuedAt: z.int(),
  expiresAt: z.int(),
  owners: z.array(PublicKey).min(1).max(16),
  quorum: z.int().min(1).max(16),
  signers: z.array(Signer).max(256),
  caps: Caps,
});
export type Charter = z.infer<typeof Charter>;

/** `charter` is the canonical JSON text that was signed; each signature is a detached-payload Ed25519 JWS by one owner. */
export const SignedCharter = z.strictObject({
  charter: z.string().max(256 * 1024),
  signatures: z.array(z.string().max(1_024)).min(1).max(16),
});
export type SignedCharter = z.infer<typeof SignedCharter>;
