// CREDENTIAL and VAULT, since protocol 3: a sealed login or variable on its way to its relay, and what a relay holds of them.
import { z } from 'zod';
import { SealedCredential } from '#shared/model/credential.ts';
import { SealedVariable } from '#shared/model/variable.ts';

/** The first protocol whose peers know these messages. */
export const VAULT_PROTOCOL = 3;

/** The first protocol whose relays take a credential that a passkey signed; to others it would be a frame without its form. */
export const PASSKEY_SEAL_PROTOCOL = 4;

/** The first protocol whose relays know variables. */
export const VARIABLE_PROTOCOL = 5;

/** Sent when it was stored and after every handshake; the relay believes its signature and opens its own box. */
export const CredentialMessage = z
  .strictObject({ sealed: SealedCredential.optional(), variable: SealedVariable.optional() })
  .refine(({ sealed, variable }) => (sealed === undefined) !== (variable === undefined), 'one of sealed and variable');
export type CredentialMessage = z.infer<typeof CredentialMessage>;
