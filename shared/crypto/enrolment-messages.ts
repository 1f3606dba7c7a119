// What a relay and the console say to each other over HTTPS before there is a link: enrolment and the renewal of an expired certificate.
import { z } from 'zod';
import { RelayId, SiteId } from '#shared/base/id.ts';
import { PublicKey, SignedCharter } from '#shared/model/charter.ts';
import { DeviceSystem } from '#shared/model/device.ts';
import { DeviceIdentity } from '#shared/model/device-identity.ts';

/** POST here with an EnrolRequest, JSON. */
export const ENROL_PATH = '/enrol/v1';
/** POST here with a RenewRequest, JSON. */
export const RENEW_PATH = '/enrol/v1/renew';
/** Largest body of either door: an EnrolRequest with 32 addresses and a PEM stay far below. */
export const MAX_ENROLMENT_BYTES = 32 * 1024;
/** Largest answer a relay reads: a charter of 256 KiB, twice escaped at worst. */
export const MAX_ENROLMENT_ANSWER_BYTES = 1024 * 1024;

/** base64url of 44 bytes of SubjectPublicKeyInfo. */
const Spki = z.string().regex(/^[A-Za-z0-9_-]{59}$/);
/** base64url of a 64-byte Ed25519 signature. */
const Proof = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
const Pem = z
  .string()
  .max(16_384)
  .regex(/^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n?$/);

/** `leaf`: a relay whose roster is its own machine. */
export const RelayKind = z.enum(['site', 'leaf']);
export type RelayKind = z.infer<typeof RelayKind>;

export const EnrolRequest = z.strictObject({
  tokenId: z.uuid(),
  secret: z.string().regex(/^[A-Za-z0-9_-]{32}$/),
  spki: Spki,
  /** Signature of the enrolment statement by that key. */
  proof: Proof,
  hostname: z.string().min(1).max(253),
  /** Release of the relay's software. */
  version: z.string().min(1).max(64),
  kind: RelayKind,
  /** Of the relay's own machine. */
  identity: DeviceIdentity,
  system: DeviceSystem,
});
export type EnrolRequest = z.infer<typeof EnrolRequest>;

/** Answers may gain members: an older relay reads past them. */
export const EnrolAnswer = z.object({
  relay: RelayId,
  site: SiteId,
  certificate: Pem,
  authority: Pem,
  charter: SignedCharter,
  /** The key the relay pins: its owner signed `charter`. */
  owner: PublicKey,
  /** Port of the relays' mutual TLS listener, on the host that the token names. */
  linkPort: z.int().min(1).max(65_535),
});
export type EnrolAnswer = z.infer<typeof EnrolAnswer>;

export const RenewRequest = z.strictObject({
  /** The certificate to renew; it may have expired. */
  certificate: Pem,
  /** The relay's wall time. */
  time: z.int().nonnegative(),
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
  /** Signature of the renewal statement by the certificate's key. */
  proof: Proof,
});
export type RenewRequest = z.infer<typeof RenewRequest>;

export const RenewAnswer = z.object({ certificate: Pem });
export type RenewAnswer = z.infer<typeof RenewAnswer>;

/** Body of an answer that refuses, at either door; `code` is one of ERROR_CODES when the peer is of our release. */
export const EnrolmentRefusal = z.object({ code: z.string().max(64), message: z.string().max(1_000) });
export type EnrolmentRefusal = z.infer<typeof EnrolmentRefusal>;
