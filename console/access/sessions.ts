// Sessions of browsers: short, rotating, told to their person, ended everywhere at once.
import type { Audit } from '#console/audit/audit.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import { hashSecret, newSecret } from '#shared/crypto/token.ts';
import { by, type Caller } from './can.ts';
import type { Revocations } from './revocations.ts';
import * as repository from './session-repository.ts';

/** A working day. */
const WHOLE_MS = 12 * 3_600_000;
/** A lunch break that was forgotten to lock. */
const IDLE_MS = 3_600_000;
/** A stolen secret is worth a quarter of an hour, or shows itself. */
const ROTATE_MS = 15 * 60_000;
/** Requests that were under way when the secret changed, in all tabs of a browser. */
const GRACE_MS = 60_000;
/** "Last seen" is told to the minute: one write a minute, not one a request. */
const TOUCH_MS = 60_000;
/** What a header may say of a browser, and a list shows. */
const MAX_AGENT = 200;

/** How it began. */
export type SessionVia = 'link' | 'invite' | 'password' | 'recovery' | 'passkey' | 'oidc';

/** Where a request comes from, as it says. */
export interface From {
  address?: string | undefined;
  agent?: string | undefined;
  /** The secret of a session that this browser has already. */
  session?: string | undefined;
  /** A proxy says that it asks for somebody else: the address is the proxy's. */
  isForwarded?: boolean | undefined;
}

export interface BeginSession {
  personId: string;
  via: SessionVia;
  mustEnrol?: boolean;
  /** When the person proved themself; null: not well enough for what is dangerous. */
  steppedUpAt: number | null;
  from: From;
}

export interface FoundSession extends repository.SessionRow {
  name: string;
  /** A new secret for the cookie: the former one ends soon. */
  renewed?: string;
}

export interface SessionDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  revocations: Revocations;
}

export class Sessions {
  readonly #deps: SessionDeps;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /** The secret is for the cookie; shown nowhere else. Spent sessions of everybody are removed in passing. */
  async begin(tx: Tx, { personId, via, mustEnrol, steppedUpAt, from }: BeginSession) {
    const now = this.#deps.clock.now();
    await repository.deleteSpentSessions(tx, now, now - IDLE_MS);
    const secret = newSecret();
    const id = newId(now, this.#deps.random);
    const expiresAt = now + WHOLE_MS;
    await repository.insertSession(tx, {
      ...{ id, personId, via, steppedUpAt, expiresAt },
      hash: hashSecret(secret),
      formerHash: null,
      ...{ createdAt: now, lastSeenAt: now, rotatedAt: now, confirmedAt: now },
      mustEnrol: mustEnrol === true ? 1 : 0,
      address: from.address ?? null,
      agent: agentOf(from),
    });
    return { id, secret, expiresAt };
  }

  /** The session of a cookie; undefined for one that is unknown, over, or whose person may not sign in. */
  async find(secret: string, from: From): Promise<FoundSession | undefined> {
    const hash = hashSecret(secret);
    const found = await repository.sessionByHash(this.#deps.store.db, hash);
    if (found === undefined || this.#isOver(found)) return undefined;
    return found.hash === hash ? await this.#current(found, from) : await this.#former(found, hash, from);
  }

  /** Asked by id: a connection that is held open goes on with the secret it began with. */
  async isOpen(id: string): Promise<boolean> {
    const found = await repository.sessionById(this.#deps.store.db, id);
    return found !== undefined && !this.#isOver(found);
  }

  async listOf(personId: string): Promise<repository.SessionRow[]> {
    const rows = await repository.sessionsOf(this.#deps.store.db, personId);
    return rows.filter((row) => !this.#isOver(row));
  }

  /** Whose it is; undefined for one that is not there. */
  async personOf(id: string): Promise<string | undefined> {
    return (await repository.sessionById(this.#deps.store.db, id))?.personId;
  }

  async end(caller: Caller, id: string): Promise<boolean> {
    const { store, audit, revocations } = this.#deps;
    const isEnded = await store.transaction(async (tx) => {
      if (!(await repository.deleteSession(tx, id))) return false;
      await audit.append(tx, { ...by(caller), verb: 'session.remove', resource: `session:${id}`, outcome: 'ok' });
      return true;
    });
    if (isEnded) revocations.tell({ kind: 'session', session: id });
    return isEnded;
  }

  /** Who signs in anew has one session in this browser: an answer to an older request cannot bring the other one back. */
  async endFormer(tx: Tx, caller: Caller, secret: string): Promise<void> {
    const { audit, revocations } = this.#deps;
    const found = await repository.sessionByHash(tx, hashSecret(secret));
    if (found === undefined || !(await repository.deleteSession(tx, found.id))) return;
    const resource = `session:${found.id}`;
    await audit.append(tx, { ...by(caller), verb: 'session.remove', resource, outcome: 'ok' });
    afterCommit(() => revocations.tell({ kind: 'session', session: found.id }));
  }

  /** All of a person, but the one that is named. */
  async endAll(caller: Caller, personId: string, except?: string): Promise<number> {
    const { store, audit, revocations } = this.#deps;
    const ended = await store.transaction(async (tx) => {
      const count = await repository.deleteSessionsOf(tx, personId, except);
      const row = { verb: 'session.remove', resource: `person:${personId}`, outcome: 'ok' } as const;
      if (count > 0) await audit.append(tx, { ...by(caller), ...row, detail: { sessions: String(count) } });
      return count;
    });
    revocations.tell({ kind: 'sessions', person: personId, exceptSession: except });
    return ended;
  }

  async steppedUp(tx: Tx, id: string): Promise<void> {
    await repository.setSteppedUp(tx, id, this.#deps.clock.now());
  }

  /** The person has a second factor now. */
  async enrolled(tx: Tx, id: string): Promise<void> {
    await repository.setEnrolled(tx, id);
  }

  #isOver({ expiresAt, lastSeenAt }: repository.SessionRow): boolean {
    const now = this.#deps.clock.now();
    return expiresAt <= now || lastSeenAt + IDLE_MS <= now;
  }

  async #current(found: repository.SessionRow & { name: string }, from: From): Promise<FoundSession> {
    const now = this.#deps.clock.now();
    if (now - found.rotatedAt >= ROTATE_MS) {
      const renewed = await this.#rotate(found, found.hash);
      return renewed === undefined ? found : { ...found, renewed };
    }
    const isNew = found.confirmedAt === null;
    const isLate = now - found.lastSeenAt >= TOUCH_MS;
    if (!isNew && !isLate) return found;
    const touch = {
      ...(isNew ? { confirmedAt: now } : {}),
      ...(isLate ? { lastSeenAt: now, address: from.address ?? null, agent: agentOf(from) } : {}),
    };
    await this.#deps.store.transaction((tx) => repository.touchSession(tx, found.id, touch));
    return found;
  }

  /**
   * A former secret has a minute from the moment at which the new one was used. Until then its answer may have been lost on the
   * way, and another is given. After the grace two hold secrets of one session: it ends for both.
   */
  async #former(found: repository.SessionRow & { name: string }, hash: string, from: From) {
    const now = this.#deps.clock.now();
    if (found.confirmedAt === null) {
      if (now - found.rotatedAt <= GRACE_MS) return found;
      const renewed = await this.#rotate(found, hash);
      return renewed === undefined ? found : { ...found, renewed };
    }
    if (now - found.confirmedAt <= GRACE_MS) return found;
    await this.#endReused(found, from);
    return undefined;
  }

  async #rotate(found: repository.SessionRow, formerHash: string): Promise<string | undefined> {
    const { store, clock } = this.#deps;
    const now = clock.now();
    const secret = newSecret();
    const isRotated = await store.transaction(async (tx) => {
      if (!(await repository.rotateSession(tx, found, { hash: hashSecret(secret), formerHash, now }))) return false;
      await repository.touchSession(tx, found.id, { lastSeenAt: now });
      return true;
    });
    return isRotated ? secret : undefined;
  }

  async #endReused({ id, personId }: repository.SessionRow, { address }: From): Promise<void> {
    const { store, audit, revocations } = this.#deps;
    await store.transaction(async (tx) => {
      if (!(await repository.deleteSession(tx, id))) return;
      const row = { verb: 'session.reuse', resource: `session:${id}`, outcome: 'denied' } as const;
      await audit.append(tx, { actor: `person:${personId}`, address, ...row });
    });
    revocations.tell({ kind: 'session', session: id });
  }
}

const agentOf = ({ agent }: From): string | null => agent?.slice(0, MAX_AGENT) ?? null;
