// CREDENTIAL and VAULT, since protocol 3: a sealed credential on its way to its relay, and what a relay holds of them.
import { z } from 'zod';
import { SealedCredential } from '#shared/model/credential.ts';

/** The first protocol whose peers know these messages. */
export const VAULT_PROTOCOL = 3;

/** The first protocol whose relays take a credential that a passkey signed; to others it would be a frame without its form. */
export const PASSKEY_SEAL_PROTOCOL = 4;

/** Sent when it was stored and after every handshake; the relay believes its signature and opens its own box. */
export const CredentialMessage = z.strictObject({ sealed: SealedCredential });
export type CredentialMessage = z.infer<typeof CredentialMessage>;
