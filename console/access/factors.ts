// What a person signs in with, changed by that person: the last way in can be replaced, never removed.
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import type { Profile } from '#shared/contract/profile-contract.ts';
import { by, type Caller, mayEndanger, type PersonActor } from './can.ts';
import { isCommonPassword } from './common-passwords.ts';
import * as repository from './factor-repository.ts';
import { providerOf } from './identity-repository.ts';
import {
  checkMade,
  type MadePasskey,
  type PasskeyChallenges,
  type PasskeyPlace,
  userHandleOf,
} from './passkey-proof.ts';
import type { PasswordHasher } from './password-hash.ts';
import { newRecoveryCode, RECOVERY_CODES, recoveryHash } from './recovery-code.ts';
import type { SecretBox } from './secret-box.ts';
import type { Sessions } from './sessions.ts';
import type { SignInStanding } from './sign-in-standing.ts';
import { signInStandings } from './sign-in-standing-repository.ts';
import { base32, newTotpSecret, totpFits, totpUri } from './totp.ts';

/** To find the telephone and scan. */
const PENDING_MS = 15 * 60_000;
/** A person has a few devices. */
const MAX_PASSKEYS = 20;
const PRODUCT = 'RMM';

export interface FactorDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  sessions: Sessions;
  hasher: PasswordHasher;
  box: SecretBox;
  challenges: PasskeyChallenges;
}

export type OwnCaller = Caller & { actor: PersonActor };

interface Held {
  passkeys: repository.PasskeyRow[];
  factors: repository.FactorRow | undefined;
}

const hasPasswordWay = ({ factors }: Held): boolean =>
  typeof factors?.passwordHash === 'string' && factors.totpSealed !== null;
const isEnrolled = (held: Held): boolean => held.passkeys.length > 0 || hasPasswordWay(held);

export class Factors {
  readonly #deps: FactorDeps;

  constructor(deps: FactorDeps) {
    this.#deps = deps;
  }

  async profile({ id, name }: Pick<PersonActor, 'id' | 'name'>): Promise<Profile> {
    const { db } = this.#deps.store;
    const held = { passkeys: await repository.passkeysOf(db, id), factors: await repository.factorsOf(db, id) };
    return {
      ...{ person: id, name, isEnrolled: isEnrolled(held) },
      passkeys: held.passkeys.map(({ id: passkey, name: called, rpId, createdAt, lastUsedAt }) => ({
        ...{ id: passkey, name: called, rpId, createdAt, lastUsedAt },
      })),
      hasPassword: typeof held.factors?.passwordHash === 'string',
      hasTotp: typeof held.factors?.totpSealed === 'string',
      recoveryLeft: await repository.countRecoveryCodes(db, id),
      oidc: (await providerOf(db, id)) ?? null,
    };
  }

  /** Of everybody who has set up or done anything, for lists of people. */
  standings(): Promise<Map<string, SignInStanding>> {
    return signInStandings(this.#deps.store.db);
  }

  /** Ends the other sessions of the person: who knew the former one is out. */
  async putPassword(caller: OwnCaller, password: string): Promise<void> {
    const { id, session, name } = this.#proven(caller);
    if (isCommonPassword(password) || password.toLowerCase() === name.toLowerCase())
      throw new AppError('bad-request', 'password: one of those that are tried first; take one that nobody else has');
    const hash = await this.#deps.hasher.hash(password);
    await this.#change(caller, 'password.put', (tx) => repository.putPassword(tx, id, hash));
    await this.#deps.sessions.endAll(caller, id, session);
  }

  /** It stands beside the former one until a code of it was seen. */
  async newTotp(caller: OwnCaller): Promise<{ secret: string; uri: string; expiresAt: number }> {
    const { id, name } = this.#proven(caller);
    const { box, clock } = this.#deps;
    const secret = newTotpSecret();
    const expiresAt = clock.now() + PENDING_MS;
    await this.#change(caller, 'totp.begin', (tx) =>
      repository.putPendingTotp(tx, id, box.seal(secret, id), expiresAt),
    );
    return { secret: base32(secret), uri: totpUri(secret, name, PRODUCT), expiresAt };
  }

  async confirmTotp(caller: OwnCaller, code: string): Promise<void> {
    const { id } = this.#proven(caller);
    const { box, clock, store } = this.#deps;
    const now = clock.now();
    const { totpPending: sealed = null, totpPendingUntil: until = null } =
      (await repository.factorsOf(store.db, id)) ?? {};
    if (sealed === null || until === null || until <= now)
      throw new AppError('conflict', 'no authenticator app waits for its first code: begin anew');
    const step = totpFits(box.open(sealed, id), code.replaceAll(/\s/g, ''), { now, lastStep: 0 });
    if (step === undefined)
      throw new AppError('bad-request', 'code: not the one that the app shows now; look at the clock of its device');
    await this.#change(caller, 'totp.put', (tx) => repository.putTotp(tx, id, sealed, step));
  }

  async removeTotp(caller: OwnCaller): Promise<void> {
    const { id } = this.#proven(caller);
    await this.#change(caller, 'totp.remove', async (tx) => {
      if ((await repository.passkeysOf(tx, id)).length === 0) throw last();
      await repository.removeTotp(tx, id);
    });
  }

  async passkeyChallenge(caller: OwnCaller, place: PasskeyPlace) {
    const { id, name } = this.#proven(caller);
    const { challenges, store } = this.#deps;
    const { challenge, expiresAt } = await challenges.make({ kind: 'make', person: id });
    const known = await repository.passkeysOf(store.db, id);
    return {
      ...{ challenge, expiresAt, rpId: place.rpId, rpName: PRODUCT },
      user: { id: userHandleOf(id), name, displayName: name },
      exclude: known.filter(({ rpId }) => rpId === place.rpId).map(({ credential }) => credential),
    };
  }

  async addPasskey(caller: OwnCaller, made: MadePasskey & { name: string }, place: PasskeyPlace): Promise<void> {
    const { id } = this.#proven(caller);
    const { challenges, clock, random } = this.#deps;
    if (challenges.take(made.challenge, { kind: 'make', person: id }) === undefined)
      throw new AppError('bad-request', 'challenge: too old, or used already; begin anew');
    const counter = checkMade(made, place);
    const { name, credential, spki, algorithm } = made;
    const createdAt = clock.now();
    const row = { id: newId(createdAt, random), personId: id, name, credential, spki, algorithm };
    await this.#change(caller, 'passkey.create', async (tx) => {
      if ((await repository.passkeysOf(tx, id)).length >= MAX_PASSKEYS)
        throw new AppError('conflict', `you have ${MAX_PASSKEYS} passkeys: remove one first`);
      if (!(await repository.insertPasskey(tx, { ...row, rpId: place.rpId, counter, createdAt })))
        throw new AppError('conflict', 'this passkey is kept already');
    });
  }

  async removePasskey(caller: OwnCaller, passkey: string): Promise<void> {
    const { id } = this.#proven(caller);
    await this.#change(caller, 'passkey.remove', async (tx) => {
      if (!(await repository.deletePasskey(tx, id, passkey)))
        throw new AppError('not-found', 'you have no such passkey');
      const held = { passkeys: await repository.passkeysOf(tx, id), factors: await repository.factorsOf(tx, id) };
      if (!isEnrolled(held)) throw last();
    });
  }

  async newRecoveryCodes(caller: OwnCaller): Promise<string[]> {
    const { id } = this.#proven(caller);
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
    const hashes = codes.map((code) => recoveryHash(id, code));
    await this.#change(caller, 'recovery.create', (tx) => repository.replaceRecoveryCodes(tx, id, hashes));
    return codes;
  }

  /** What opens a door is changed by its person, just proven, or by the command line of this very machine; never by a limited token. */
  #proven({ actor }: OwnCaller): PersonActor {
    const { limits, mustEnrol } = actor;
    if (limits !== undefined) throw new AppError('denied', 'an API token does not change how a person signs in');
    if (!mustEnrol && mayEndanger(actor, this.#deps.clock.now()) !== 'yes')
      throw new AppError('step-up-required', 'prove once more that it is you, and do it again');
    return actor;
  }

  /** One change, one audit row; and who now can sign in by themself has a whole session from here on. */
  async #change(caller: OwnCaller, verb: string, change: (tx: Tx) => Promise<unknown>): Promise<void> {
    const { store, audit, sessions } = this.#deps;
    const { id, session, mustEnrol } = caller.actor;
    await store.transaction(async (tx) => {
      await repository.lockPerson(tx, id);
      await change(tx);
      const held = { passkeys: await repository.passkeysOf(tx, id), factors: await repository.factorsOf(tx, id) };
      if (mustEnrol && session !== undefined && NEW_WAYS.has(verb) && isEnrolled(held))
        await sessions.enrolled(tx, session);
      await audit.append(tx, { ...by(caller), verb: `profile.${verb}`, resource: `person:${id}`, outcome: 'ok' });
    });
  }
}

/** After an invitation a factor must be made, also by somebody who has one: they asked because they cannot use it. */
const NEW_WAYS: ReadonlySet<string> = new Set(['passkey.create', 'totp.put', 'password.put']);

const last = () =>
  new AppError('conflict', 'this is the last second factor: make another one first, then this one can go');
