// Whether a passkey of a person was touched for this very question: sign-in, step-up, and the making of a new one.
import { createHash, createPublicKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { PasskeyAssertion } from '#shared/contract/session-contract.ts';
import type { PasskeyKey } from '#shared/model/charter.ts';
import { passkeyChallenge, verifyPasskey } from '#shared/seal/passkey.ts';
import { SingleUse } from './single-use.ts';

/** A person finds the telephone; longer is another sitting. */
const CHALLENGE_MS = 5 * 60_000;
/** Anybody may ask for one: 100 bytes each. */
const MAX_CHALLENGES = 10_000;

/** What a challenge was made for: to prove oneself, or to make a passkey for a person. */
type Purpose = { kind: 'prove' } | { kind: 'make'; person: string };

/** Where the page stands that asks: its origin, as the browser writes it. */
export interface PasskeyPlace {
  origin: string;
  rpId: string;
}

/** Passkeys belong to a name, never to an address; only https and localhost are taken by browsers. */
export function passkeyPlace(origin: string | undefined): PasskeyPlace | undefined {
  if (origin === undefined || !URL.canParse(origin)) return undefined;
  const { protocol, hostname } = new URL(origin);
  const isName = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(hostname) && !/^[0-9.]+$/.test(hostname);
  if (!isName || (protocol !== 'https:' && hostname !== 'localhost')) return undefined;
  return { origin, rpId: hostname };
}

export class PasskeyChallenges {
  readonly #clock: Clock;
  readonly #open: SingleUse<{ statement: string; purpose: Purpose }>;

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
    this.#open = new SingleUse({ clock, lifeMs: CHALLENGE_MS, capacity: MAX_CHALLENGES });
  }

  async make(purpose: Purpose): Promise<{ challenge: string; expiresAt: number }> {
    // Says what is signed, so that it can never be read as an order or a charter.
    const statement = `rmm sign-in 1\n${purpose.kind}\n${randomBytes(32).toString('base64url')}`;
    const challenge = await passkeyChallenge(statement);
    const { lifeMs } = this.#open.keep(challenge, { statement, purpose });
    return { challenge, expiresAt: this.#clock.now() + lifeMs };
  }

  /** The statement behind it, once; undefined for one that is unknown, used, old, or for something else. */
  take(challenge: string, purpose: Purpose): string | undefined {
    const known = this.#open.take(challenge);
    if (known === undefined || known.purpose.kind !== purpose.kind) return undefined;
    if (purpose.kind === 'make' && known.purpose.kind === 'make' && known.purpose.person !== purpose.person)
      return undefined;
    return known.statement;
  }
}

export interface StoredPasskey {
  id: string;
  personId: string;
  credential: string;
  spki: string;
  algorithm: PasskeyKey['algorithm'];
  rpId: string;
  counter: number;
}

const COUNTER_AT = 33;
const HEAD_BYTES = 37;

const counterOf = (data: Buffer): number => (data.length < HEAD_BYTES ? 0 : data.readUInt32BE(COUNTER_AT));

/** Synced passkeys count nothing: zero after zero is no copy. */
const isCounterFit = (former: number, now: number): boolean => (former === 0 && now === 0) || now > former;

/** The new counter; throws `signature-invalid` with what is wrong, for the log alone. */
export async function proveAssertion(
  assertion: PasskeyAssertion,
  passkey: StoredPasskey,
  at: { place: PasskeyPlace; statement: string },
): Promise<number> {
  const { credential, authenticatorData, clientData, signature, userHandle } = assertion;
  const { spki, algorithm, rpId, personId } = passkey;
  if (rpId !== at.place.rpId) throw refused('made for another name of this console');
  if (userHandle && userHandle !== userHandleOf(personId)) throw refused('names another person');
  const key = { id: keyId(spki), spki, algorithm, credential, rpId, origins: [at.place.origin] };
  await verifyPasskey({ kind: 'passkey', key: key.id, authenticatorData, clientData, signature }, key, at.statement);
  const counter = counterOf(Buffer.from(authenticatorData, 'base64url'));
  if (!isCounterFit(passkey.counter, counter)) throw refused('its counter went back: there may be a copy of it');
  return counter;
}

const refused = (why: string) => new AppError('signature-invalid', `passkey: ${why}`);

const keyId = (spki: string) => createHash('sha256').update(Buffer.from(spki, 'base64url')).digest('base64url');

/** What a passkey keeps of its person: a hash of the id, nothing that says who it is. */
export const userHandleOf = (person: string): string =>
  createHash('sha256').update(`rmm user handle\n${person}`).digest('base64url');

export interface MadePasskey {
  challenge: string;
  credential: string;
  spki: string;
  algorithm: PasskeyKey['algorithm'];
  authenticatorData: string;
  clientData: string;
}

const MadeClientData = z.object({
  type: z.literal('webauthn.create'),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.literal(false).optional(),
  topOrigin: z.undefined().optional(),
});

/** User present, user verified, and a new credential in it. */
const NEEDED_FLAGS = 0x45;
const FLAGS_AT = 32;
const ID_LENGTH_AT = 53;

/** What the browser made is what the page sends, here and for this question; returns its counter. Throws `bad-request`. */
export function checkMade(made: MadePasskey, place: PasskeyPlace): number {
  const wrong = (why: string) => new AppError('bad-request', `this passkey cannot be kept: ${why}`);
  const client = MadeClientData.safeParse(parseJson(Buffer.from(made.clientData, 'base64url')));
  if (!client.success || client.data.challenge !== made.challenge) throw wrong('it was not made for this question');
  if (client.data.origin !== place.origin) throw wrong('it was made on another page');
  const data = Buffer.from(made.authenticatorData, 'base64url');
  if (data.length < ID_LENGTH_AT + 2) throw wrong('its authenticator data is too short');
  const rpHash = createHash('sha256').update(place.rpId).digest();
  if (!timingSafeEqual(rpHash, data.subarray(0, rpHash.length))) throw wrong('it is for another name');
  if (((data[FLAGS_AT] ?? 0) & NEEDED_FLAGS) !== NEEDED_FLAGS) throw wrong('its user was not verified');
  const idAt = ID_LENGTH_AT + 2;
  const id = data.subarray(idAt, idAt + data.readUInt16BE(ID_LENGTH_AT));
  if (id.toString('base64url') !== made.credential) throw wrong('it names another credential');
  if (!isKeyOf(made)) throw wrong('its key is none of a kind that works here');
  return counterOf(data);
}

const KEY_TYPES = { ES256: 'ec', EdDSA: 'ed25519', RS256: 'rsa' } as const;
const MIN_RSA_BITS = 2_048;

function isKeyOf({ spki, algorithm }: MadePasskey): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' });
    const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
    if (key.asymmetricKeyType !== KEY_TYPES[algorithm]) return false;
    if (algorithm === 'ES256') return namedCurve === 'prime256v1';
    return algorithm !== 'RS256' || (modulusLength ?? 0) >= MIN_RSA_BITS;
  } catch {
    return false;
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
