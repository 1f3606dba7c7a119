// People and how they prove who they are: one-time links, sessions, API tokens. The first person is made by the boot code alone.
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import { hashSecret, newSecret } from '#shared/crypto/token.ts';
import { type Actor, actorName, type Caller } from './can.ts';
import { ownerGrant } from './grant.ts';
import { grantsOf, insertGrant } from './grant-repository.ts';
import * as repository from './people-repository.ts';

// Long enough to walk from the terminal to the browser, short enough to be worthless in a scroll-back.
const LINK_MS = 10 * 60_000;
// A working day; then the CLI prints a new link.
const SESSION_MS = 12 * 3_600_000;
// Spent links answer "used" or "expired" instead of "unknown" for a day.
const KEEP_LINKS_MS = 24 * 3_600_000;

// A person pastes a wrong link a few times; whoever sends thousands must fill neither the disk nor the audit trail.
const REFUSALS_TOLD = 50;
const REFUSALS_MS = 10 * 60_000;

/** The boot code's own name in the audit trail. */
const BOOT: Actor = { kind: 'system', part: 'boot' };

export interface SignedIn {
  /** For the session cookie; shown nowhere else. */
  session: string;
  person: { id: string; name: string };
  expiresAt: number;
}

export class People {
  #store: Store;
  #audit: Audit;
  #clock: Clock;
  #random: RandomBytes;
  /** Refused sign-ins of the present ten minutes; beyond the bound they are counted, and the count is told with the next. */
  #refusals = { since: -Infinity, told: 0, untold: 0 };

  constructor(deps: { store: Store; audit: Audit; clock: Clock; random: RandomBytes }) {
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#random = deps.random;
  }

  /** Actors of the audit trail as people call them: "person:<id>" by the person's name, others as they are. */
  async actorNames(actors: Iterable<string>): Promise<(actor: string) => string> {
    const idOf = (actor: string) => /^(?:person|token):(.+)$/.exec(actor)?.[1];
    const ids = [...new Set([...actors].flatMap((actor) => idOf(actor) ?? []))];
    const names = await repository.namesOf(this.#store.db, ids);
    return (actor) => names.get(idOf(actor) ?? '') ?? actor;
  }

  /**
   * Boot and CLI only, never behind a route: makes the first person with an API token when there is none.
   * The token is returned once, for the caller to write into a file of mode 0600; later calls return the person alone.
   */
  async initConsole(name = 'owner'): Promise<{ person: repository.Person; token: string | undefined }> {
    return await this.#store.transaction(async (tx) => {
      const existing = await repository.firstPerson(tx);
      if (existing !== undefined) return { person: existing, token: undefined };
      const now = this.#clock.now();
      const person = { id: newId(now, this.#random), name, createdAt: now };
      await repository.insertPerson(tx, person);
      await insertGrant(tx, person.id, ownerGrant(person.id), now);
      const token = await this.#addToken(tx, person.id, 'local cli', null);
      await this.#audit.append(tx, this.#row({ actor: BOOT }, 'person.create', `person:${person.id}`, 'ok', { name }));
      return { person, token };
    });
  }

  /** A token for scripts and the CLI; shown once. */
  async createToken(caller: Caller, personId: string, name: string, expiresAt: number | null = null): Promise<string> {
    return await this.#store.transaction(async (tx) => {
      const token = await this.#addToken(tx, personId, name, expiresAt);
      await this.#audit.append(tx, this.#row(caller, 'token.create', `person:${personId}`, 'ok', { name }));
      return token;
    });
  }

  /** A link's secret: one use within ten minutes. It belongs into a URL's fragment, which no server logs. */
  async createSignInLink(caller: Caller, personId: string): Promise<{ secret: string; expiresAt: number }> {
    const secret = newSecret();
    const expiresAt = this.#clock.now() + LINK_MS;
    await this.#store.transaction(async (tx) => {
      await repository.insertLink(tx, { hash: hashSecret(secret), personId, expiresAt });
      await this.#audit.append(tx, this.#row(caller, 'link.create', `person:${personId}`, 'ok'));
    });
    return { secret, expiresAt };
  }

  /** Trades a link's secret for a session; throws token-unknown, token-used or token-expired. */
  async signIn(secret: string, address?: string): Promise<SignedIn> {
    const hash = hashSecret(secret);
    const signedIn = await this.#store.transaction((tx) => this.#redeem(tx, hash, address));
    if (signedIn !== undefined) return signedIn;
    const refusal = await this.#refusal(hash);
    await this.#tellRefusal(refusal, address);
    throw refusal;
  }

  async #tellRefusal({ code }: AppError, address: string | undefined): Promise<void> {
    const now = this.#clock.monotonic();
    if (now - this.#refusals.since >= REFUSALS_MS) this.#refusals = { ...this.#refusals, since: now, told: 0 };
    if (this.#refusals.told >= REFUSALS_TOLD) {
      this.#refusals.untold += 1;
      return;
    }
    const { untold } = this.#refusals;
    this.#refusals.told += 1;
    this.#refusals.untold = 0;
    const detail = untold === 0 ? { code } : { code, untold: String(untold) };
    const caller: Caller = { actor: { kind: 'anonymous' }, address };
    await this.#store.transaction((tx) =>
      this.#audit.append(tx, this.#row(caller, 'session.create', 'link', 'denied', detail)),
    );
  }

  /** Who holds this session cookie or API token; anonymous when it is unknown, spent or absent. */
  async authenticate(credentials: { session?: string | undefined; token?: string | undefined }): Promise<Actor> {
    const { session, token } = credentials;
    const now = this.#clock.now();
    if (token !== undefined) {
      const person = await repository.personByToken(this.#store.db, hashSecret(token), now);
      if (person !== undefined) return await this.#actor(person, 'token', null);
    }
    if (session !== undefined) {
      const person = await repository.personBySession(this.#store.db, hashSecret(session), now);
      if (person !== undefined) return await this.#actor(person, 'session', person.signedInAt);
    }
    return { kind: 'anonymous' };
  }

  /** With what they may do just now: a grant that is taken away ends with the next request. */
  async #actor(
    { id, name }: repository.Person,
    via: 'session' | 'token',
    steppedUpAt: number | null,
    db: Db = this.#store.db,
  ): Promise<Actor> {
    return { kind: 'person', id, name, via, grants: await grantsOf(db, id), steppedUpAt, mustEnrol: false };
  }

  async signOut(caller: Caller, session: string): Promise<void> {
    await this.#store.transaction(async (tx) => {
      if (!(await repository.deleteSession(tx, hashSecret(session)))) return;
      await this.#audit.append(tx, this.#row(caller, 'session.remove', actorName(caller.actor), 'ok'));
    });
  }

  async #redeem(tx: Tx, hash: string, address: string | undefined): Promise<SignedIn | undefined> {
    const now = this.#clock.now();
    const personId = await repository.redeemLink(tx, hash, now);
    if (personId === undefined) return undefined;
    const person = await repository.personById(tx, personId);
    if (person === undefined) return undefined;
    await repository.removeExpired(tx, now, now - KEEP_LINKS_MS);
    const session = newSecret();
    const expiresAt = now + SESSION_MS;
    await repository.insertSession(tx, { hash: hashSecret(session), personId, createdAt: now, expiresAt });
    const actor = await this.#actor(person, 'session', now, tx);
    await this.#audit.append(tx, this.#row({ actor, address }, 'session.create', `person:${personId}`, 'ok'));
    return { session, person: { id: person.id, name: person.name }, expiresAt };
  }

  async #refusal(hash: string): Promise<AppError> {
    const link = await repository.findLink(this.#store.db, hash);
    if (link === undefined) return new AppError('token-unknown', 'this sign-in link is not one of this console');
    if (link.used_at !== null)
      return new AppError('token-used', 'this sign-in link was used already: ask for a new one');
    return new AppError('token-expired', 'this sign-in link is older than ten minutes: ask for a new one');
  }

  async #addToken(tx: Tx, personId: string, name: string, expiresAt: number | null): Promise<string> {
    const token = newSecret();
    const createdAt = this.#clock.now();
    await repository.insertToken(tx, { hash: hashSecret(token), personId, name, createdAt, expiresAt });
    return token;
  }

  #row(
    caller: Caller,
    verb: string,
    resource: string,
    outcome: 'ok' | 'denied',
    detail: Readonly<Record<string, string>> = {},
  ) {
    return { actor: actorName(caller.actor), address: caller.address, verb, resource, outcome, detail };
  }
}
