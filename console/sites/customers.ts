// Customers: made, described, counted. They go with their sites, see removals.ts.
import { by, type Caller, reachOf } from '#console/access/can.ts';
import { type Scope, seesEverything } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import { changeDetail } from '#console/audit/change-detail.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { CustomerId, newId, type RandomBytes } from '#shared/base/id.ts';
import * as repository from './customer-repository.ts';

export class Customers {
  #store: Store;
  #audit: Audit;
  #clock: Clock;
  #random: RandomBytes;
  #onCustomersChanged: () => void;

  constructor(deps: {
    store: Store;
    audit: Audit;
    clock: Clock;
    random: RandomBytes;
    /** Told after the commit. */
    onCustomersChanged?: () => void;
  }) {
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.#onCustomersChanged = deps.onCustomersChanged ?? (() => undefined);
  }

  list(scope: Scope): Promise<repository.Customer[]> {
    return repository.listCustomers(this.#store.db, scope);
  }

  find(scope: Scope, id: CustomerId): Promise<repository.Customer | undefined> {
    return repository.findCustomer(this.#store.db, scope, id);
  }

  /** Throws `conflict` when there is one of that name. */
  async create(caller: Caller, wish: { name: string; notes?: string | undefined }): Promise<repository.Customer> {
    if (!seesEverything(reachOf(caller))) throw new AppError('denied', 'who may not see every customer makes none');
    const createdAt = this.#clock.now();
    const id = CustomerId.parse(newId(createdAt, this.#random));
    const { name, notes = '' } = wish;
    await this.#store.transaction(async (tx) => {
      if (!(await repository.insertCustomer(tx, { id, name, notes, createdAt }))) throw taken(name);
      afterCommit(this.#onCustomersChanged);
      const row = { verb: 'customer.create', resource: `customer:${id}`, outcome: 'ok' as const, detail: { name } };
      await this.#audit.append(tx, { ...by(caller), ...row });
    });
    return { id, name, notes, sites: 0, devices: 0, createdAt };
  }

  /** Throws `not-found`, and `conflict` when another one has that name. */
  async update(
    caller: Caller,
    scope: Scope,
    id: CustomerId,
    change: { name?: string | undefined; notes?: string | undefined },
  ): Promise<repository.Customer> {
    await this.#store
      .transaction(async (tx) => {
        const before = await repository.lockCustomer(tx, scope, id);
        if (before === undefined) throw noCustomer(id);
        const { detail } = changeDetail(before, change, ['notes']);
        if (detail === undefined) return;
        await repository.updateCustomer(tx, id, change);
        afterCommit(this.#onCustomersChanged);
        const row = { verb: 'customer.update', resource: `customer:${id}`, outcome: 'ok' as const, detail };
        await this.#audit.append(tx, { ...by(caller), ...row });
      })
      .catch(conflictWhen({ taken: takenText(change.name ?? '') }));
    const changed = await this.find(scope, id);
    if (changed === undefined) throw noCustomer(id);
    return changed;
  }
}

const takenText = (name: string): string => `a customer "${name}" exists already`;
const taken = (name: string) => new AppError('conflict', takenText(name));
export const noCustomer = (id: CustomerId) => new AppError('not-found', `no customer ${id}`);
