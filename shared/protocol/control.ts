// RENEW, FAULT and GOAWAY: the link's own housekeeping.
import { z } from 'zod';
import { Bytes } from '#shared/base/bytes.ts';
import { WIRE_CODES } from '#shared/base/errors.ts';

/** The relay asks with its public key and a proof; the console answers with a certificate. PEM text. */
export const Renew = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('request'),
    /** SubjectPublicKeyInfo, DER. */
    spki: Bytes,
    /** Ed25519 signature of shared/crypto's renewal statement by that key. */
    proof: Bytes,
  }),
  z.strictObject({ kind: z.literal('answer'), certificate: z.string().max(16_384) }),
]);
export type Renew = z.infer<typeof Renew>;

/** Something the peer sent was refused; `refusedType` names it. The link lives on unless a GOAWAY or a close follows. */
export const Fault = z.strictObject({
  code: z.enum(WIRE_CODES),
  message: z.string().max(1_000),
  refusedType: z.string().max(16).optional(),
});
export type Fault = z.infer<typeof Fault>;

/** Please leave and come back after `delayMs`; the sender spreads delays over its relays. */
export const GoAway = z.strictObject({
  reason: z.enum(['restart', 'overload', 'replaced', 'revoked', 'protocol']),
  delayMs: z.int().min(0).max(600_000),
});
export type GoAway = z.infer<typeof GoAway>;
