// Enrolment tokens: bound to a site, few uses, short life. The console keeps a hash; the secret is shown once by whoever made it.
import { actorName, type Caller } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, type RandomBytes, type SiteId } from '#shared/base/id.ts';
import { Sha256Hex } from '#shared/model/record.ts';
import * as repository from './enrolment-token-repository.ts';

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
    const createdAt = this.#clock.now();
    const id = newId(createdAt, this.#random);
    const uses = token.uses ?? 1;
    const expiresAt = createdAt + (token.expiresInMs ?? DEFAULT_LIFE_MS);
    const { hash, siteId, kind } = token;
    const createdBy = actorName(caller.actor);
    await this.#store.transaction(async (tx) => {
      const site = await tx.selectFrom('site').select('id').where('id', '=', siteId).executeTakeFirst();
      if (site === undefined) throw new AppError('not-found', `site ${siteId} does not exist`);
      await repository.insertToken(tx, {
        id,
        hash,
        siteId,
        kind,
        uses,
        usesLeft: uses,
        expiresAt,
        createdAt,
        createdBy,
      });
      await this.#audit.append(tx, {
        actor: createdBy,
        address: caller.address,
        verb: 'relay.create-token',
        resource: `site:${siteId}`,
        outcome: 'ok',
        detail: { token: id, kind, uses, expiresAt },
      });
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
