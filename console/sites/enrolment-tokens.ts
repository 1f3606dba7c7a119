// Enrolment tokens: bound to a site, few uses, short life. The console keeps a hash; the secret is shown once by whoever made it.
import { actorName, type Caller, reachOf } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, type RandomBytes, type RelayId, type SiteId } from '#shared/base/id.ts';
import { Sha256Hex } from '#shared/model/record.ts';
import * as repository from './enrolment-token-repository.ts';
import { findRelay } from './relay-repository.ts';
import { findSite } from './site-repository.ts';

export type { TokenRow } from './enrolment-token-repository.ts';

const DEFAULT_LIFE_MS = 3_600_000;
// What lies about for longer than a day is forgotten and found by somebody else.
const MAX_LIFE_MS = 86_400_000;
const MAX_LEAVES = 1_000;

export interface NewEnrolmentToken {
  /** Lower-case hex SHA-256 of the secret. */
  hash: string;
  siteId: SiteId;
  kind: 'site' | 'leaf';
  /** 1 for a site relay; up to 1,000 machines for leaves. */
  uses?: number | undefined;
  /** One hour unless told, at most 24. */
  expiresInMs?: number | undefined;
}

function checkBounds({ hash, kind, uses = 1, expiresInMs = DEFAULT_LIFE_MS }: NewEnrolmentToken): void {
  if (!Sha256Hex.safeParse(hash).success) throw new AppError('bad-request', 'enrolment token: hash is no SHA-256');
  const most = kind === 'leaf' ? MAX_LEAVES : 1;
  if (!Number.isInteger(uses) || uses < 1 || uses > most)
    throw new AppError('bad-request', `enrolment token: a ${kind} token has 1 to ${most} uses, not ${uses}`);
  if (!Number.isInteger(expiresInMs) || expiresInMs < 1 || expiresInMs > MAX_LIFE_MS)
    throw new AppError('bad-request', `enrolment token: it lives at most 24 h, not ${expiresInMs} ms`);
}

export class EnrolmentTokens {
  #store: Store;
  #audit: Audit;
  #clock: Clock;
  #random: RandomBytes;

  constructor(deps: { store: Store; audit: Audit; clock: Clock; random: RandomBytes }) {
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#random = deps.random;
  }

  async create(caller: Caller, token: NewEnrolmentToken): Promise<{ id: string; expiresAt: number }> {
    checkBounds(token);
    const { siteId } = token;
    return this.#store.transaction(async (tx) => {
      const site = await findSite(tx, reachOf(caller), siteId);
      if (site === undefined) throw new AppError('not-found', `site ${siteId} does not exist`);
      return this.#insert(tx, caller, token, null);
    });
  }

  /**
   * For one machine that takes a relay's place. Throws `not-found`, `conflict` when another has taken it, and `bad-request` for
   * a leaf: that is its own machine, and another machine is another leaf.
   */
  async createReplacement(
    caller: Caller,
    scope: Scope,
    wish: { id: RelayId; hash: string; expiresInMs?: number | undefined },
  ): Promise<{ id: string; expiresAt: number }> {
    return this.#store.transaction(async (tx) => {
      const relay = await findRelay(tx, scope, wish.id);
      if (relay === undefined) throw new AppError('not-found', `relay ${wish.id} does not exist`);
      if (relay.kind === 'leaf')
        throw new AppError(
          'bad-request',
          `relay ${relay.name} watches only itself: revoke it and enrol the new machine`,
        );
      if (await repository.isReplaced(tx, relay.id))
        throw new AppError('conflict', `relay ${relay.name} was replaced already`);
      const { hash, expiresInMs } = wish;
      const token: NewEnrolmentToken = { hash, siteId: relay.siteId, kind: 'site', uses: 1, expiresInMs };
      checkBounds(token);
      return this.#insert(tx, caller, token, relay.id);
    });
  }

  async #insert(
    tx: Tx,
    caller: Caller,
    { hash, siteId, kind, uses = 1, expiresInMs = DEFAULT_LIFE_MS }: NewEnrolmentToken,
    replaces: RelayId | null,
  ): Promise<{ id: string; expiresAt: number }> {
    const createdAt = this.#clock.now();
    const id = newId(createdAt, this.#random);
    const expiresAt = createdAt + expiresInMs;
    const createdBy = actorName(caller.actor);
    const row = { id, hash, siteId, kind, uses, usesLeft: uses, expiresAt, createdAt, createdBy, replaces };
    await repository.insertToken(tx, row);
    await this.#audit.append(tx, {
      actor: createdBy,
      address: caller.address,
      verb: 'relay.create-token',
      resource: replaces === null ? `site:${siteId}` : `relay:${replaces}`,
      outcome: 'ok',
      detail: { token: id, kind, uses, expiresAt, ...(replaces === null ? {} : { replaces }) },
    });
    return { id, expiresAt };
  }

  /**
   * Takes one use inside the transaction that issues the certificate: when that fails, the use is not lost.
   * Throws token-unknown, token-used or token-expired.
   */
  async consume(tx: Tx, hash: string): Promise<repository.TokenRow> {
    const now = this.#clock.now();
    const taken = await repository.takeUse(tx, hash, now);
    if (taken !== undefined) return taken;
    const token = await repository.findByHash(tx, hash);
    if (token === undefined) throw new AppError('token-unknown', 'this enrolment token is not one of this console');
    if (token.expiresAt <= now)
      throw new AppError(
        'token-expired',
        `enrolment token ${token.id} expired at ${new Date(token.expiresAt).toISOString()}`,
      );
    throw new AppError('token-used', `enrolment token ${token.id} has no use left (it had ${token.uses})`);
  }

  /** The token as it stands, used up or expired too; what is read may change before it is consumed. */
  peek(hash: string): Promise<repository.TokenRow | undefined> {
    return repository.findByHash(this.#store.db, hash);
  }

  /** Tokens that can still be used. */
  list(scope: Scope): Promise<repository.TokenRow[]> {
    return repository.listTokens(this.#store.db, scope, this.#clock.now());
  }
}
