// Who asks: one-time links, sessions and API tokens, read with what their person may do. The first person is made by the boot code alone.
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import { hashSecret, newSecret } from '#shared/crypto/token.ts';
import { ApiTokens } from './api-tokens.ts';
import { type Actor, by, type Caller, type PersonActor } from './can.ts';
import { ownerGrant } from './grant.ts';
import { grantsOf, insertGrant } from './grant-repository.ts';
import * as repository from './people-repository.ts';
import { Refusals } from './refusals.ts';
import { Revocations } from './revocations.ts';
import { type From, Sessions, type SessionVia } from './sessions.ts';

// Long enough to walk from the terminal to the browser, short enough to be worthless in a scroll-back.
const LINK_MS = 10 * 60_000;
// An invitation is sent to somebody, who reads it after a night.
const INVITE_MS = 24 * 3_600_000;
// Spent links answer "used" or "expired" instead of "unknown" for a day.
const KEEP_LINKS_MS = 24 * 3_600_000;

/** The boot code's own name in the audit trail. */
const BOOT: Actor = { kind: 'system', part: 'boot' };

/** Links of this machine and of oneself open a whole session; an invitation one in which a second factor must be made first. */
export type LinkKind = repository.LinkKind;

/** Who signed in, and the secret for the session cookie, which is shown nowhere else. */
export interface SignedIn {
  session: string;
  person: { id: string; name: string };
  actor: PersonActor;
  expiresAt: number;
}

export interface Credentials {
  session?: string | undefined;
  token?: string | undefined;
}

export interface Identified {
  actor: Actor;
  /** When it ends at the latest; null where it does not. */
  expiresAt: number | null;
  /** A new secret for the session cookie. */
  renewed?: string | undefined;
}

interface NewSignIn {
  person: { id: string; name: string };
  via: SessionVia;
  steppedUpAt: number | null;
  mustEnrol?: boolean;
  from: From;
  detail?: Readonly<Record<string, string>>;
}

export class People {
  readonly revocations = new Revocations();
  readonly sessions: Sessions;
  readonly apiTokens: ApiTokens;
  readonly refusals: Refusals;
  readonly #store: Store;
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #random: RandomBytes;

  constructor(deps: { store: Store; audit: Audit; clock: Clock; random: RandomBytes }) {
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#random = deps.random;
    const { revocations } = this;
    this.sessions = new Sessions({ ...deps, revocations });
    this.apiTokens = new ApiTokens({ ...deps, revocations });
    this.refusals = new Refusals(deps);
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
      const token = await this.apiTokens.addLocal(tx, person.id);
      await this.#audit.append(tx, this.#row({ actor: BOOT }, 'person.create', `person:${person.id}`, { name }));
      return { person, token };
    });
  }

  /** For the command line of this machine, when its file is gone; works over loopback alone. */
  async createLocalToken(caller: Caller, personId: string): Promise<string> {
    return await this.#store.transaction(async (tx) => {
      const token = await this.apiTokens.addLocal(tx, personId);
      await this.#audit.append(tx, this.#row(caller, 'token.create', `person:${personId}`, { name: 'local cli' }));
      return token;
    });
  }

  /** A link's secret: one use. It belongs into a URL's fragment, which no server logs. */
  async createSignInLink(
    caller: Caller,
    personId: string,
    kind: LinkKind = 'local',
  ): Promise<{ secret: string; expiresAt: number }> {
    const secret = newSecret();
    const expiresAt = this.#clock.now() + (kind === 'invite' ? INVITE_MS : LINK_MS);
    await this.#store.transaction(async (tx) => {
      await repository.insertLink(tx, { hash: hashSecret(secret), personId, expiresAt, kind });
      await this.#audit.append(tx, this.#row(caller, 'link.create', `person:${personId}`, { kind }));
    });
    return { secret, expiresAt };
  }

  /** Trades a link's secret for a session; throws token-unknown, token-used or token-expired. */
  async signIn(secret: string, address?: string, agent?: string, session?: string): Promise<SignedIn> {
    const hash = hashSecret(secret);
    const signedIn = await this.#store.transaction((tx) => this.#redeem(tx, hash, { address, agent, session }));
    if (signedIn !== undefined) return signedIn;
    const refusal = await this.#refusal(hash);
    await this.refusals.tell({ resource: 'link', detail: { code: refusal.code }, address });
    throw refusal;
  }

  /** Begins a session of somebody who has proven who they are, in the transaction that spent the proof. */
  async open(tx: Tx, { person, via, steppedUpAt, mustEnrol = false, from, detail }: NewSignIn): Promise<SignedIn> {
    const { id, name } = person;
    const begun = await this.sessions.begin(tx, { personId: id, via, steppedUpAt, mustEnrol, from });
    const grants = await grantsOf(tx, id);
    const actor = {
      kind: 'person',
      id,
      name,
      via: 'session',
      grants,
      steppedUpAt,
      session: begun.id,
      mustEnrol,
    } as const;
    const caller = { actor, address: from.address };
    await this.#audit.append(tx, this.#row(caller, 'session.create', `person:${id}`, { via, ...detail }));
    if (from.session !== undefined) await this.sessions.endFormer(tx, caller, from.session);
    return { session: begun.secret, person: { id, name }, actor, expiresAt: begun.expiresAt };
  }

  /** Who holds this session cookie or API token; anonymous when it is unknown, spent or absent. */
  async authenticate(credentials: Credentials): Promise<Actor> {
    return (await this.identify(credentials, {})).actor;
  }

  /** The same for a request, which may be given a new secret for its cookie. */
  async identify({ session, token }: Credentials, from: From): Promise<Identified> {
    const found =
      (token === undefined ? undefined : await this.#byToken(token, from)) ??
      (session === undefined ? undefined : await this.#bySession(session, from));
    return found ?? { actor: { kind: 'anonymous' }, expiresAt: null };
  }

  /** Whether what the actor came with still stands: for answers that last longer than a request. */
  async isStillSignedIn(actor: Actor): Promise<boolean> {
    if (actor.kind !== 'person') return actor.kind !== 'anonymous';
    if (actor.session !== undefined) return await this.sessions.isOpen(actor.session);
    return actor.token !== undefined && (await this.apiTokens.isOpen(actor.token));
  }

  /** The same actor with what they may do by now; anonymous when it is over. */
  async actorNow(actor: Actor): Promise<Actor> {
    if (!(await this.isStillSignedIn(actor))) return { kind: 'anonymous' };
    return actor.kind === 'person' ? { ...actor, grants: await grantsOf(this.#store.db, actor.id) } : actor;
  }

  async signOut(caller: Caller, session: string): Promise<void> {
    const found = await this.sessions.find(session, {});
    if (found !== undefined) await this.sessions.end(caller, found.id);
  }

  async #byToken(secret: string, from: From): Promise<Identified | undefined> {
    const found = await this.apiTokens.find(secret, from);
    if (found === undefined) return undefined;
    const { personId, personName, limits, isSteppedUp, expiresAt } = found;
    const actor: PersonActor = {
      ...{ kind: 'person', id: personId, name: personName, via: 'token', token: found.id },
      // Of the person, at this moment: what was taken from them is taken from their tokens.
      grants: await grantsOf(this.#store.db, personId),
      ...(limits === null ? {} : { limits: { ...limits, mayEndanger: isSteppedUp } }),
      ...{ steppedUpAt: null, mustEnrol: false },
    };
    return { actor, expiresAt };
  }

  async #bySession(secret: string, from: From): Promise<Identified | undefined> {
    const found = await this.sessions.find(secret, from);
    if (found === undefined) return undefined;
    const { personId: id, name, steppedUpAt, expiresAt, renewed } = found;
    const grants = await grantsOf(this.#store.db, id);
    const mustEnrol = found.mustEnrol === 1;
    const actor: PersonActor = {
      ...{ kind: 'person', id, name, via: 'session', session: found.id },
      ...{ grants, steppedUpAt, mustEnrol },
    };
    return { actor, expiresAt, renewed };
  }

  async #redeem(tx: Tx, hash: string, from: From): Promise<SignedIn | undefined> {
    const now = this.#clock.now();
    const link = await repository.redeemLink(tx, hash, now);
    if (link === undefined) return undefined;
    const person = await repository.enabledPerson(tx, link.personId);
    if (person === undefined) return undefined;
    await repository.removeOldLinks(tx, now - KEEP_LINKS_MS);
    const isInvite = link.kind === 'invite';
    return await this.open(tx, {
      ...{ person, from, via: isInvite ? 'invite' : 'link', mustEnrol: isInvite },
      // A link that was made in a session proves no more than that session did.
      steppedUpAt: link.kind === 'own' ? null : now,
      detail: { link: link.kind },
    });
  }

  async #refusal(hash: string): Promise<AppError> {
    const link = await repository.findLink(this.#store.db, hash);
    if (link === undefined) return new AppError('token-unknown', 'this sign-in link is not one of this console');
    if (link.used_at !== null)
      return new AppError('token-used', 'this sign-in link was used already: ask for a new one');
    return new AppError('token-expired', 'this sign-in link is too old: ask for a new one');
  }

  #row(caller: Caller, verb: string, resource: string, detail: Readonly<Record<string, string>> = {}) {
    return { ...by(caller), verb, resource, outcome: 'ok', detail } as const;
  }
}
