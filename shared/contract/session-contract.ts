// Signing in, proving oneself once more, who one is, and the sessions somebody has open.
import { z } from 'zod';
import { PasskeySignature } from '#shared/model/manifest.ts';
import { endangers, operation, reads, secretly, writes } from './meta.ts';

export const Me = z.object({
  person: z.string(),
  name: z.string(),
  version: z.string(),
  /** An owner key lies on the console's disk: who takes the machine decides on charters. */
  hasUnexportedOwner: z.boolean(),
  /** The second owner key waits there to be written on paper. */
  hasUnwrittenPaper: z.boolean(),
  /** Names of the roles that stand now. */
  roles: z.array(z.string()),
  /** Patterns of verbs ("device.*", "*") the person has anywhere: pages hide what none of them covers. */
  verbs: z.array(z.string()),
  /** Signed in by an invitation: until a second factor is made only "profile." and "session." work. */
  mustEnrol: z.boolean(),
  /** Until then dangerous verbs ask for no further proof; null: they ask at once, or never (API tokens). */
  steppedUpUntil: z.int().nullable(),
  /** When the session ends at the latest; null for a token without an end. */
  expiresAt: z.int().nullable(),
  /** Id of the session, as in the list of sessions; null for an API token. */
  session: z.string().nullable(),
});
export type Me = z.infer<typeof Me>;

/** Six digits of an authenticator app, or a recovery code; blanks and dashes are ignored. */
export const SignInCode = z.string().trim().min(6).max(40);

/** 32 random bytes and a hash, base64url: what the page hands to the browser, as bytes. */
const Challenge = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What a browser says when a passkey was touched: base64url of `response` and of `rawId`. */
export const PasskeyAssertion = z.object({
  /** As `passkeyChallenge` gave it; good once, for five minutes. */
  challenge: Challenge,
  credential: PasskeySignature.shape.authenticatorData.max(1_364),
  authenticatorData: PasskeySignature.shape.authenticatorData,
  clientData: PasskeySignature.shape.clientData,
  signature: PasskeySignature.shape.signature,
  /** Present for passkeys that name their person; checked when it is. */
  userHandle: z
    .string()
    .regex(/^[A-Za-z0-9_-]*$/)
    .max(90)
    .nullish(),
});
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>;

export const SessionView = z.object({
  id: z.string(),
  createdAt: z.int(),
  lastSeenAt: z.int(),
  /** When it ends at the latest; it ends sooner when nobody uses it for an hour. */
  expiresAt: z.int(),
  /** How it began: "link", "invite", "password", "recovery", "passkey" or "oidc". */
  via: z.string(),
  /** Where it was used last, and by which program; null when neither is known. */
  address: z.string().nullable(),
  agent: z.string().nullable(),
  /** The one that asks. */
  isCurrent: z.boolean(),
});
export type SessionView = z.infer<typeof SessionView>;

const route = (method: 'GET' | 'POST' | 'DELETE', path: `/${string}`, summary: string, successStatus = 200) =>
  ({ method, path, summary, successStatus, tags: ['Session'] }) as const;

/** A person's id; without it the caller's own. */
const OfPerson = z.object({ person: z.uuid().optional() });

export const sessionContract = {
  /** The secret travels in the body, never in a URL that a log could keep. */
  create: operation
    .meta(secretly(writes('public')))
    .route(route('POST', '/session', 'Sign in with a one-time link'))
    .input(z.object({ secret: z.string().min(20).max(200) }))
    .output(Me),
  /** Name, password and second factor in one request; every refusal is the same. */
  password: operation
    .meta(secretly(writes('public')))
    .route(route('POST', '/session/password', 'Sign in with name, password and a second factor'))
    .input(
      z.object({
        name: z.string().trim().min(1).max(120),
        password: z.string().min(1).max(256),
        code: SignInCode,
      }),
    )
    .output(Me),
  passkeyChallenge: operation
    .meta(secretly(writes('public')))
    .route(route('POST', '/session/passkey/challenge', 'Ask for a challenge that a passkey signs'))
    .output(z.object({ challenge: Challenge, rpId: z.string(), expiresAt: z.int() })),
  passkey: operation
    .meta(secretly(writes('public')))
    .route(route('POST', '/session/passkey', 'Sign in with a passkey; no name is asked'))
    .input(PasskeyAssertion)
    .output(Me),
  methods: operation
    .meta(reads('public'))
    .route(route('GET', '/session/methods', 'How people sign in here'))
    .output(
      z.object({
        /** Null under an address that no passkey works at. */
        passkey: z.object({ rpId: z.string() }).nullable(),
        /** A page of this origin that leads to the identity provider; null when none is set up. */
        oidc: z.object({ label: z.string(), path: z.string() }).nullable(),
      }),
    ),
  stepUp: operation
    .meta(secretly(writes('session.prove')))
    .route(route('POST', '/session/step-up', 'Prove oneself once more with a code of the authenticator app'))
    .input(z.object({ code: SignInCode }))
    .output(Me),
  stepUpPasskey: operation
    .meta(secretly(writes('session.prove')))
    .route(route('POST', '/session/step-up/passkey', 'Prove oneself once more with a passkey'))
    .input(PasskeyAssertion)
    .output(Me),
  createLink: operation
    .meta(secretly(endangers('session.invite')))
    .route(route('POST', '/session/links', 'Make a one-time sign-in link for oneself', 201))
    .output(z.object({ url: z.string(), expiresAt: z.int() })),
  remove: operation
    .meta(writes('session.end'))
    .route(route('DELETE', '/session', 'Sign out'))
    .output(z.object({ signedOut: z.literal(true) })),
  list: operation
    .meta(reads('session.read'))
    .route(route('GET', '/sessions', 'Open sessions of a person, newest first'))
    .input(OfPerson)
    .output(z.object({ items: z.array(SessionView) })),
  end: operation
    .meta(writes('session.end'))
    .route(route('DELETE', '/sessions/{id}', 'End one session'))
    .input(z.object({ id: z.uuid() }))
    .output(z.object({ ended: z.int() })),
  endAll: operation
    .meta(writes('session.end'))
    .route(route('DELETE', '/sessions', 'End all sessions of a person but the one that asks'))
    .input(OfPerson)
    .output(z.object({ ended: z.int() })),
  me: operation
    .meta(reads('session.read'))
    .route(route('GET', '/me', 'Who am I'))
    .output(Me),
};
