// What a person signs in with: password, authenticator app, recovery codes, passkeys. Always their own.
import { z } from 'zod';
import { PasskeyKey } from '#shared/model/charter.ts';
import { operation, reads, secretly, writes } from './meta.ts';
import { SignInCode } from './session-contract.ts';

export const MIN_PASSWORD = 12;
export const MAX_PASSWORD = 256;

export const PasskeyView = z.object({
  id: z.string(),
  name: z.string(),
  /** The name of the console it works under. */
  rpId: z.string(),
  createdAt: z.int(),
  lastUsedAt: z.int().nullable(),
});

export const Profile = z.object({
  person: z.string(),
  name: z.string(),
  passkeys: z.array(PasskeyView),
  hasPassword: z.boolean(),
  hasTotp: z.boolean(),
  /** Recovery codes that are not used yet, of ten. */
  recoveryLeft: z.int(),
  /** The identity provider that knows this person; null when none does. */
  oidc: z.string().nullable(),
  /** Whether the person can sign in by what stands here: a passkey, or a password with the app. */
  isEnrolled: z.boolean(),
});
export type Profile = z.infer<typeof Profile>;

const route = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: `/${string}`, summary: string, successStatus = 200) =>
  ({ method, path, summary, successStatus, tags: ['Profile'] }) as const;

export const profileContract = {
  show: operation
    .meta(reads('profile.read'))
    .route(route('GET', '/profile', 'What I sign in with'))
    .output(Profile),
  /** Ends all other sessions. */
  putPassword: operation
    .meta(writes('profile.write'))
    .route(route('PUT', '/profile/password', 'Set or replace my password'))
    .input(z.object({ password: z.string().min(MIN_PASSWORD).max(MAX_PASSWORD) }))
    .output(Profile),
  /** The secret stands beside the former one until it is confirmed. */
  newTotp: operation
    .meta(secretly(writes('profile.write')))
    .route(route('POST', '/profile/totp', 'Begin with an authenticator app; its secret is shown once'))
    .output(z.object({ secret: z.string(), uri: z.string(), expiresAt: z.int() })),
  confirmTotp: operation
    .meta(secretly(writes('profile.write')))
    .route(route('POST', '/profile/totp/confirm', 'Confirm the app with a code of its own; it replaces a former one'))
    .input(z.object({ code: SignInCode }))
    .output(Profile),
  removeTotp: operation
    .meta(writes('profile.write'))
    .route(route('DELETE', '/profile/totp', 'Remove the app; refused when no passkey would be left'))
    .output(Profile),
  passkeyChallenge: operation
    .meta(secretly(writes('profile.write')))
    .route(route('POST', '/profile/passkeys/challenge', 'Ask for what a browser needs to make a passkey'))
    .output(
      z.object({
        challenge: z.string(),
        rpId: z.string(),
        rpName: z.string(),
        /** `id` as base64url: the user handle that the passkey keeps. */
        user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
        /** Credential ids the person has already, base64url. */
        exclude: z.array(z.string()),
        expiresAt: z.int(),
      }),
    ),
  /** Of `navigator.credentials.create`: getPublicKey(), getAuthenticatorData(), clientDataJSON, as base64url. */
  addPasskey: operation
    .meta(secretly(writes('profile.write')))
    .route(route('POST', '/profile/passkeys', 'Keep a passkey that was just made', 201))
    .input(
      z.object({
        name: z.string().trim().min(1).max(60),
        challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
        credential: PasskeyKey.shape.credential,
        spki: PasskeyKey.shape.spki,
        algorithm: PasskeyKey.shape.algorithm,
        authenticatorData: z
          .string()
          .regex(/^[A-Za-z0-9_-]+$/)
          .max(4_096),
        clientData: z
          .string()
          .regex(/^[A-Za-z0-9_-]+$/)
          .max(2_048),
      }),
    )
    .output(Profile),
  removePasskey: operation
    .meta(writes('profile.write'))
    .route(route('DELETE', '/profile/passkeys/{id}', 'Remove a passkey; refused when it is the last second factor'))
    .input(z.object({ id: z.uuid() }))
    .output(Profile),
  newRecoveryCodes: operation
    .meta(secretly(writes('profile.write')))
    .route(route('POST', '/profile/recovery-codes', 'Make ten recovery codes; the former ones are void', 201))
    .output(z.object({ codes: z.array(z.string()) })),
};
