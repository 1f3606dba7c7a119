// The ways in beside the link: password with a second factor in one request, and passkeys. One refusal for whatever is wrong.
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { PasskeyAssertion } from '#shared/contract/session-contract.ts';
import { by, type Caller, type PersonActor } from './can.ts';
import * as repository from './factor-repository.ts';
import type { GuessBrake } from './guess-brake.ts';
import { type PasskeyChallenges, type PasskeyPlace, proveAssertion } from './passkey-proof.ts';
import type { PasswordHasher } from './password-hash.ts';
import type { People, SignedIn } from './people.ts';
import { plainCode, recoveryHash } from './recovery-code.ts';
import type { SecretBox } from './secret-box.ts';
import type { From } from './sessions.ts';
import { totpFits } from './totp.ts';

export interface DoorDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  people: People;
  hasher: PasswordHasher;
  box: SecretBox;
  brake: GuessBrake;
  challenges: PasskeyChallenges;
}

export interface Typed {
  name: string;
  password: string;
  code: string;
}

/** Nobody is called so, and no code of theirs is stored: what is asked for an unknown name is what is asked for a known one. */
const NOBODY = { id: 'nobody', name: '' } as const;

type Proof = { kind: 'totp'; step: number } | { kind: 'recovery'; hash: string };

const refused = () =>
  new AppError(
    'unauthenticated',
    'name, password or code is wrong, or there were too many tries: wait a while and try again, or use a passkey',
  );

const noSession = () => new AppError('bad-request', 'an API token has no session to prove anything in');

const noPasskey = () => new AppError('unauthenticated', 'this passkey opens nothing here');

export class Doors {
  readonly #deps: DoorDeps;

  constructor(deps: DoorDeps) {
    this.#deps = deps;
  }

  /** Throws the one refusal: for an unknown name, a wrong password, a wrong code, a person who is disabled, and too many tries. */
  async byPassword(typed: Typed, from: From): Promise<SignedIn> {
    const { brake, people } = this.#deps;
    const attempt = brake.begin(typed.name, from.address);
    if (attempt === undefined) {
      await people.refusals.tell({ resource: 'password', detail: { why: 'braked' }, address: from.address });
      throw refused();
    }
    const signedIn = await this.#tryPassword(typed, from);
    if (signedIn === undefined) {
      await people.refusals.tell({ resource: 'password', address: from.address });
      throw refused();
    }
    attempt.wasRight();
    return signedIn;
  }

  /** No name is asked: the passkey says whose it is. */
  async byPasskey(assertion: PasskeyAssertion, place: PasskeyPlace, from: From): Promise<SignedIn> {
    const { people, store, clock } = this.#deps;
    try {
      const proven = await this.#provePasskey(assertion, place);
      return await store.transaction(async (tx) => {
        await this.#spend(tx, proven);
        const person = { id: proven.personId, name: proven.personName };
        return await people.open(tx, { person, via: 'passkey', steppedUpAt: clock.now(), from });
      });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal') throw error;
      const detail = { why: error.message.slice(0, 120) };
      await people.refusals.tell({ resource: 'passkey', detail, address: from.address });
      throw noPasskey();
    }
  }

  /** Proves once more, by the app, that it is who signed in. Recovery codes are for signing in alone. */
  async stepUp(caller: Caller & { actor: PersonActor }, code: string): Promise<void> {
    const { brake, store } = this.#deps;
    const { id, session } = caller.actor;
    if (session === undefined) throw noSession();
    const attempt = brake.begin(`step-up\n${id}`, undefined);
    const factors = attempt === undefined ? undefined : await repository.factorsOf(store.db, id);
    const step = this.#stepOf(id, factors, code);
    const isRight =
      step !== undefined && (await this.#steppedUp(caller, (tx) => repository.spendTotpStep(tx, id, step)));
    if (!isRight) throw new AppError('denied', 'code: not the one that the app shows now, or used already');
    attempt?.wasRight();
  }

  async stepUpByPasskey(
    caller: Caller & { actor: PersonActor },
    assertion: PasskeyAssertion,
    place: PasskeyPlace,
  ): Promise<void> {
    const proven = await this.#provePasskey(assertion, place);
    if (proven.personId !== caller.actor.id) throw new AppError('denied', 'this passkey is of somebody else');
    await this.#steppedUp(caller, async (tx) => {
      await this.#spend(tx, proven);
      return true;
    });
  }

  async #steppedUp(
    caller: Caller & { actor: PersonActor },
    spend: (tx: Parameters<typeof repository.spendTotpStep>[0]) => Promise<boolean>,
  ): Promise<boolean> {
    const { store, audit, people } = this.#deps;
    const { session } = caller.actor;
    if (session === undefined) throw noSession();
    return await store.transaction(async (tx) => {
      if (!(await spend(tx))) return false;
      await people.sessions.steppedUp(tx, session);
      await audit.append(tx, { ...by(caller), verb: 'session.prove', resource: `session:${session}`, outcome: 'ok' });
      return true;
    });
  }

  /** The same work for everybody, in the same order; what is spent is spent when all of it was right. */
  async #tryPassword({ name, password, code }: Typed, from: From): Promise<SignedIn | undefined> {
    const { store, hasher, people, clock } = this.#deps;
    const { db } = store;
    const found = await repository.factorsByName(db, name);
    const person = found ?? NOBODY;
    const isPassword = await hasher.isRight(found?.passwordHash ?? undefined, password);
    const proof = await this.#proofOf(person.id, found, code);
    if (found === undefined || found.disabledAt !== null || !isPassword || proof === undefined) return undefined;
    return await store.transaction(async (tx) => {
      const now = clock.now();
      const isFresh =
        proof.kind === 'totp'
          ? await repository.spendTotpStep(tx, found.id, proof.step)
          : await repository.spendRecoveryCode(tx, proof.hash, now);
      if (!isFresh) return undefined;
      const via = proof.kind === 'totp' ? 'password' : 'recovery';
      return await people.open(tx, { person, via, steppedUpAt: now, from });
    });
  }

  async #proofOf(person: string, factors: repository.FactorRow | undefined, code: string): Promise<Proof | undefined> {
    const { store } = this.#deps;
    const hash = recoveryHash(person, code);
    const isRecovery = await repository.hasRecoveryCode(store.db, person, hash);
    const step = this.#stepOf(person, factors, code);
    if (step !== undefined) return { kind: 'totp', step };
    return isRecovery ? { kind: 'recovery', hash } : undefined;
  }

  /** A secret that does not open, as its key is gone, fits no code: another answer would say that somebody is known. */
  #stepOf(person: string, factors: repository.FactorRow | undefined, code: string): number | undefined {
    const { box, clock } = this.#deps;
    const sealed = factors?.totpSealed ?? null;
    if (sealed === null) return undefined;
    try {
      const at = { now: clock.now(), lastStep: factors?.totpLastStep ?? 0 };
      return totpFits(box.open(sealed, person), plainCode(code), at);
    } catch {
      return undefined;
    }
  }

  async #provePasskey(assertion: PasskeyAssertion, place: PasskeyPlace) {
    const { store, challenges } = this.#deps;
    const statement = challenges.take(assertion.challenge, { kind: 'prove' });
    if (statement === undefined) throw new AppError('denied', 'the question is too old, or was answered: begin anew');
    const passkey = await repository.passkeyByCredential(store.db, assertion.credential);
    if (passkey === undefined) throw new AppError('denied', 'this passkey is not known here');
    const counter = await proveAssertion(assertion, passkey, { place, statement });
    return { ...passkey, newCounter: counter };
  }

  async #spend(
    tx: Parameters<typeof repository.countPasskeyUse>[0],
    { id, counter, newCounter }: { id: string; counter: number; newCounter: number },
  ): Promise<void> {
    const use = { former: counter, counter: newCounter, now: this.#deps.clock.now() };
    if (!(await repository.countPasskeyUse(tx, id, use)))
      throw new AppError('denied', 'this passkey was used elsewhere at the same moment');
  }
}
