// API tokens: what a script or a command line proves itself with. They are cut by their limits and by what their maker may at the moment of use.
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import { isInRange } from '#shared/base/ip-range.ts';
import { hashSecret, newSecret } from '#shared/crypto/token.ts';
import type { GrantOver } from '#shared/model/grant.ts';
import { by, type Caller, mayEndanger, type PersonActor } from './can.ts';
import type { Revocations } from './revocations.ts';
import type { From } from './sessions.ts';
import * as repository from './token-repository.ts';

/** What nobody renews within a year, nobody needs. */
const LONGEST_MS = 366 * 24 * 3_600_000;
const TOUCH_MS = 60_000;
/** Spent tokens are shown for a month, so that who wonders why a script stopped finds it. */
const KEEP_SPENT_MS = 30 * 24 * 3_600_000;
/** A person has a few scripts; a loop that makes tokens is a fault. */
const MAX_TOKENS = 200;

export interface NewToken {
  name: string;
  expiresAt: number;
  verbs: string[];
  over: GrantOver[];
  addresses: string[];
}

interface Deps {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  revocations: Revocations;
}

const LOOPBACK = ['127.0.0.0/8', '::1'];

/** Whoever asks without an address is this process itself. */
function mayComeFrom({ isLocal, addresses }: repository.TokenRow, { address, isForwarded }: From): boolean {
  if (address === undefined) return addresses.length === 0;
  // A proxy on this machine asks over loopback for the whole world.
  if (isLocal && isForwarded === true) return false;
  const isOneOf = (ranges: readonly string[]) => ranges.some((range) => isInRange(address, range));
  return (!isLocal || isOneOf(LOOPBACK)) && (addresses.length === 0 || isOneOf(addresses));
}

export class ApiTokens {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Undefined for one that is unknown, spent, used from elsewhere, or of a person who may not sign in. */
  async find(secret: string, from: From) {
    const { store, clock } = this.#deps;
    const now = clock.now();
    const found = await repository.tokenByHash(store.db, hashSecret(secret), now);
    if (found === undefined || !mayComeFrom(found, from)) return undefined;
    if (now - (found.lastUsedAt ?? 0) >= TOUCH_MS)
      await store.transaction((tx) => repository.touchToken(tx, found.id, { at: now, from: from.address ?? null }));
    return found;
  }

  async isOpen(id: string): Promise<boolean> {
    const found = await repository.tokenById(this.#deps.store.db, id);
    return found !== undefined && (found.expiresAt === null || found.expiresAt > this.#deps.clock.now());
  }

  listOf(personId: string): Promise<repository.TokenRow[]> {
    return repository.tokensOf(this.#deps.store.db, personId);
  }

  byId(id: string): Promise<repository.TokenRow | undefined> {
    return repository.tokenById(this.#deps.store.db, id);
  }

  /** For the person who asks. The secret is shown once. */
  async create(
    caller: Caller & { actor: PersonActor },
    asked: NewToken,
  ): Promise<{ token: repository.TokenRow; secret: string }> {
    const { store, audit, clock, random } = this.#deps;
    const { actor } = caller;
    const now = clock.now();
    // A token that makes tokens would outlive its own end and its own limits.
    if (actor.limits !== undefined) throw new AppError('denied', 'a limited API token makes no others');
    if (asked.expiresAt <= now || asked.expiresAt > now + LONGEST_MS)
      throw new AppError('bad-request', 'expiresAt must lie ahead, a year at most');
    const { name, expiresAt, verbs, over, addresses } = asked;
    const row = {
      ...{ id: newId(now, random), personId: actor.id, name, createdAt: now, expiresAt, addresses },
      limits: { verbs, over },
      isLocal: false,
      isSteppedUp: mayEndanger(actor, now) === 'yes',
    };
    const secret = newSecret();
    await store.transaction(async (tx) => {
      await repository.deleteExpiredTokens(tx, now - KEEP_SPENT_MS);
      if ((await repository.countTokensOf(tx, actor.id)) >= MAX_TOKENS)
        throw new AppError('rate-limited', `${actor.name} has ${MAX_TOKENS} API tokens: revoke some first`);
      await repository.insertToken(tx, hashSecret(secret), row);
      const detail = { name, verbs: verbs.join(' '), until: String(expiresAt) };
      await audit.append(tx, {
        ...by(caller),
        verb: 'token.create',
        resource: `token:${row.id}`,
        outcome: 'ok',
        detail,
      });
    });
    return { token: { ...row, lastUsedAt: null, lastUsedFrom: null }, secret };
  }

  /** For the command line of the console's own machine, which works over loopback alone. */
  async addLocal(tx: Tx, personId: string): Promise<string> {
    const { clock, random } = this.#deps;
    const secret = newSecret();
    const now = clock.now();
    const bounds = { expiresAt: null, limits: null, addresses: [], isLocal: true, isSteppedUp: true };
    const row = { id: newId(now, random), personId, name: 'local cli', createdAt: now, ...bounds };
    await repository.insertToken(tx, hashSecret(secret), row);
    return secret;
  }

  async revoke(caller: Caller, id: string): Promise<void> {
    const { store, audit, revocations } = this.#deps;
    await store.transaction(async (tx) => {
      if (!(await repository.deleteToken(tx, id))) throw new AppError('not-found', 'there is no such API token');
      await audit.append(tx, { ...by(caller), verb: 'token.remove', resource: `token:${id}`, outcome: 'ok' });
    });
    revocations.tell({ kind: 'token', token: id });
  }
}
