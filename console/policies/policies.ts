// What people draft of watching: layers, windows and local routes. None of it reaches a relay before it is signed; where a layer stands does at once.
import { actorName, by, type Caller, reachOf } from '#console/access/can.ts';
import { type Scope, seesCustomer, seesEverything } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { type CustomerId, newId, type RandomBytes } from '#shared/base/id.ts';
import { MAX_PARTS, type PartWish, WatchPart } from '#shared/model/watch-part.ts';
import { assertPart } from './part-check.ts';
import * as repository from './part-repository.ts';
import { missingPlaces } from './place-repository.ts';

export interface PoliciesDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  random: RandomBytes;
  /** After the commit: devices may be members of other layers than before. */
  onPlacesChanged: () => void;
  /** After the commit: pages read the drafts again. */
  onDraftsChanged: () => void;
}

export class Policies {
  readonly #deps: PoliciesDeps;

  constructor(deps: PoliciesDeps) {
    this.#deps = deps;
  }

  list(scope: Scope): Promise<WatchPart[]> {
    return repository.listParts(this.#deps.store.db, scope);
  }

  async create(caller: Caller, customerId: CustomerId | null, wish: PartWish): Promise<string> {
    const { store, clock, random } = this.#deps;
    assertPart(wish);
    mayWrite(reachOf(caller), customerId);
    const changedAt = clock.now();
    const id = newId(changedAt, random);
    await store
      .transaction(async (tx) => {
        if ((await repository.countParts(tx, wish.kind)) >= MAX_PARTS)
          throw new AppError('too-large', `there are ${MAX_PARTS} of kind ${wish.kind} already`);
        const about = { customerId, changedAt, changedBy: actorName(caller.actor) };
        const part = WatchPart.parse({ ...wish, body: { ...wish.body, id }, ...about, isRemoved: false });
        await assertPlaces(tx, part);
        await repository.putPart(tx, part);
        await this.#told(tx, caller, 'policy.create', part);
      })
      .catch(conflictWhen({ gone: 'the customer was removed meanwhile' }));
    return id;
  }

  /** Throws `conflict` where somebody else was faster. Level and customer stay: members of what is in force depend on them. */
  async update(caller: Caller, id: string, change: { changedAt: number; part: PartWish }): Promise<number> {
    const { store, clock } = this.#deps;
    assertPart(change.part);
    return await store.transaction(async (tx) => {
      const before = await this.#own(tx, caller, id);
      const { part: wish } = change;
      if (before.changedAt !== change.changedAt)
        throw new AppError('conflict', `${before.kind} "${before.body.name}": was changed meanwhile; look at it again`);
      if (before.kind !== wish.kind) throw new AppError('bad-request', `this is a ${before.kind}, no ${wish.kind}`);
      if (before.kind === 'layer' && wish.kind === 'layer' && before.body.level !== wish.body.level)
        throw new AppError('bad-request', 'the level of a layer stays: make another layer');
      // Above what it replaces, so that who holds the former one is told of a conflict.
      const changedAt = Math.max(clock.now(), before.changedAt + 1);
      const about = { customerId: before.customerId, changedAt, changedBy: actorName(caller.actor) };
      const part = WatchPart.parse({ ...wish, body: { ...wish.body, id }, ...about, isRemoved: false });
      await assertPlaces(tx, part);
      await repository.putPart(tx, part);
      await this.#told(tx, caller, 'policy.update', part);
      return changedAt;
    });
  }

  /** It leaves with the next document that is signed; until then what is in force stays in force. */
  async remove(caller: Caller, id: string): Promise<void> {
    const { store, clock } = this.#deps;
    await store.transaction(async (tx) => {
      const part = await this.#own(tx, caller, id);
      await repository.setRemoved(tx, id, { at: clock.now(), by: actorName(caller.actor) });
      await this.#told(tx, caller, 'policy.remove', part);
    });
  }

  async #own(tx: Tx, caller: Caller, id: string): Promise<WatchPart> {
    const part = await repository.lockPart(tx, reachOf(caller), id);
    if (part === undefined || part.isRemoved) throw new AppError('not-found', `no layer, window or route ${id}`);
    mayWrite(reachOf(caller), part.customerId);
    return part;
  }

  async #told(tx: Tx, caller: Caller, verb: string, part: WatchPart): Promise<void> {
    const { kind, body, customerId } = part;
    afterCommit(this.#deps.onDraftsChanged);
    if (kind === 'layer') afterCommit(this.#deps.onPlacesChanged);
    const places = kind === 'layer' ? { level: part.body.level, places: part.places.length } : {};
    const detail = { kind, name: body.name, customer: customerId, ...places };
    await this.#deps.audit.append(tx, { ...by(caller), verb, resource: `policy:${body.id}`, outcome: 'ok', detail });
  }
}

/** What is for every customer is changed by those who see every one. */
function mayWrite(scope: Scope, customer: CustomerId | null): void {
  if (customer === null ? seesEverything(scope) : seesCustomer(scope, customer)) return;
  if (customer === null) throw new AppError('denied', 'what is for every customer is changed by those who see all');
  throw new AppError('not-found', `no customer ${customer}`);
}

async function assertPlaces(tx: Tx, part: WatchPart): Promise<void> {
  if (part.kind !== 'layer' || part.body.level === 'customer') return;
  const [missing] = await missingPlaces(tx, part.body.level, { ids: part.places, customer: part.customerId });
  if (missing !== undefined)
    throw new AppError(
      'bad-request',
      `no ${part.body.level} ${missing}${part.customerId === null ? '' : ' of this customer'}`,
    );
}
