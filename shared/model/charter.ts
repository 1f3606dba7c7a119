// The site charter: the trust document an owner signs and a relay pins. It says whose signature may run what, and how much.
import { z } from 'zod';
import { RelayId, SiteId } from '#shared/base/id.ts';

/** base64url without padding. */
export const B64u = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** An Ed25519 public key: `id` is the base64url SHA-256 of the 32 raw bytes in `key`. */
export const PublicKey = z.strictObject({ id: B64u.length(43), key: B64u.length(43) });
export type PublicKey = z.infer<typeof PublicKey>;

/** The algorithms a passkey may sign with; which one is the charter's word, never the message's. */
export const PasskeyAlgorithm = z.enum(['ES256', 'EdDSA', 'RS256']);
export type PasskeyAlgorithm = z.infer<typeof PasskeyAlgorithm>;

/** A WebAuthn credential: `id` is the base64url SHA-256 of the bytes of `spki`. */
export const PasskeyKey = z.strictObject({
  id: B64u.length(43),
  /** SubjectPublicKeyInfo, DER. An RSA key of 4,096 bits has 550 bytes. */
  spki: B64u.max(1_024),
  algorithm: PasskeyAlgorithm,
  /** The credential id, by which a browser finds the key; at most 1,023 bytes. */
  credential: B64u.max(1_364),
  rpId: z.string().regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/),
  /** Pages whose tap counts, as a browser writes an origin. */
  origins: z
    .array(z.string().regex(/^(?:https:\/\/[a-z0-9.-]{1,253}|http:\/\/localhost)(?::\d{1,5})?$/))
    .min(1)
    .max(8),
});
export type PasskeyKey = z.infer<typeof PasskeyKey>;

const HELD_BY = {
  name: z.string().min(1).max(120),
  /** Technicians may order, approvers may only be a further signature, guardians may only freeze. */
  role: z.enum(['technician', 'approver', 'guardian']),
  /** Who holds it: two keys of one person count once. Without it the name counts as the person. */
  person: z.string().min(1).max(120).optional(),
  /** May freeze, beside what the role allows. */
  isGuardian: z.literal(true).optional(),
};

export const Signer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cli-ed25519'), key: PublicKey, ...HELD_BY }),
  z.strictObject({ kind: z.literal('passkey'), key: PasskeyKey, ...HELD_BY }),
]);
export type Signer = z.infer<typeof Signer>;
export type PasskeySigner = Extract<Signer, { kind: 'passkey' }>;

/** What an order of a tier needs, and how much it may do. */
export const TierRule = z.strictObject({
  /** Distinct people who must sign. */
  people: z.int().min(1).max(4),
  /** Signatures by keys whose holder rendered the order outside the console: the command line's. */
  rendered: z.int().min(0).max(4),
  /** Devices one signature may reach, over all relays of its batch. */
  devicesPerBatch: z.int().min(1).max(100_000),
  /** Device executions of this tier in any ten minutes, at each relay. */
  devicesPerTenMinutes: z.int().min(1).max(100_000),
  /** Between acceptance and start, while the order can be stopped. An hour: longer is a time window, not a second thought. */
  stopMs: z.int().min(0).max(3_600_000),
  /** Oldest \`nbf\` of an order when it is accepted. */
  freshMs: z.int().min(1_000).max(86_400_000),
  /** Devices that run alone first, at each relay; the rest follows in growing waves. 0: all at once. */
  canary: z.int().min(0).max(1_000),
  /** Share of failures at which a relay runs no further device of the order. 100: never. */
  haltPercent: z.int().min(0).max(100),
});
export type TierRule = z.infer<typeof TierRule>;

/** What owners changed of the profile's rules, member by member. */
export const TierChanges = z.strictObject({
  t1: TierRule.partial().optional(),
  t2: TierRule.partial().optional(),
  t3: TierRule.partial().optional(),
});
export type TierChanges = z.infer<typeof TierChanges>;

/** An X25519 public key to which credentials are sealed: \`id\` is the base64url SHA-256 of the 32 raw bytes in \`key\`. */
export const SealingKey = z.strictObject({ id: B64u.length(43), key: B64u.length(43) });
export type SealingKey = z.infer<typeof SealingKey>;

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
  /** Absent members are the profile's (shared/seal/profile-tiers.ts). `caps` bounds every tier as well. */
  tiers: TierChanges.optional(),
  /** Address ranges of the site. */
  networks: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .max(64)
    .optional(),
  /** Relays whose sealed credentials may be made, by the key an owner has compared. */
  sealingKeys: z
    .array(z.strictObject({ relay: RelayId, key: SealingKey }))
    .max(512)
    .optional(),
  /** Offline: opens every sealed credential when all relays are lost. */
  escrowKey: SealingKey.optional(),
});
export type Charter = z.infer<typeof Charter>;

/** `charter` is the canonical JSON text that was signed; each signature is a detached-payload Ed25519 JWS by one owner. */
export const SignedCharter = z.strictObject({
  charter: z.string().max(256 * 1024),
  signatures: z.array(z.string().max(1_024)).min(1).max(16),
});
export type SignedCharter = z.infer<typeof SignedCharter>;
