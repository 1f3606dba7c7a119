// How long metrics are kept: everybody's time from the configuration, and customers with a time of their own.
import { by, type Caller } from '#console/access/can.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { CustomerId } from '#shared/base/id.ts';
import type { CustomerRetention } from '#shared/contract/maintenance-contract.ts';
import type { Retention, RetentionWish } from '#shared/model/retention.ts';
import * as repository from './retention-repository.ts';

export class Retentions {
  readonly everybody: Retention;
  #store: Store;
  #audit: Audit;
  #clock: Clock;

  constructor(deps: { store: Store; audit: Audit; clock: Clock; everybody: Retention }) {
    this.everybody = deps.everybody;
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
  }

  customers(): Promise<CustomerRetention[]> {
    return repository.listRetentions(this.#store.db);
  }

  /** Throws `not-found`, and `bad-request` for a wish that wishes nothing or keeps totals for less than raw values. */
  async put(caller: Caller, customer: CustomerId, wish: RetentionWish): Promise<CustomerRetention> {
    const { rawDays, archiveDays } = wish;
    const both = { ...this.everybody, ...dropAbsent(wish) };
    if (rawDays === undefined && archiveDays === undefined)
      throw new AppError('bad-request', 'rawDays or archiveDays: one of them has to be there');
    if (both.archiveDays < both.rawDays)
      throw new AppError(
        'bad-request',
        `archiveDays: totals would go after ${both.archiveDays} days, before raw values`,
      );
    await this.#store.transaction(async (tx) => {
      if (!(await repository.isCustomer(tx, customer))) throw noCustomer(customer);
      await repository.putRetention(tx, customer, wish, this.#clock.now());
      const detail = { rawDays: rawDays ?? null, archiveDays: archiveDays ?? null };
      await this.#audit.append(tx, { ...by(caller), ...rowOf('put', customer), detail });
    });
    const stored = await repository.findRetention(this.#store.db, customer);
    if (stored === undefined) throw noCustomer(customer);
    return stored;
  }

  /** Throws `not-found` when the customer has no time of its own. */
  async remove(caller: Caller, customer: CustomerId): Promise<void> {
    await this.#store.transaction(async (tx) => {
      if (!(await repository.removeRetention(tx, customer)))
        throw new AppError('not-found', `customer ${customer} has no retention of its own`);
      await this.#audit.append(tx, { ...by(caller), ...rowOf('remove', customer) });
    });
  }
}

const rowOf = (what: string, customer: CustomerId) => ({
  verb: `retention.${what}`,
  resource: `customer:${customer}`,
  outcome: 'ok' as const,
});

const dropAbsent = ({ rawDays, archiveDays }: RetentionWish) => ({
  ...(rawDays === undefined ? {} : { rawDays }),
  ...(archiveDays === undefined ? {} : { archiveDays }),
});

const noCustomer = (id: CustomerId) => new AppError('not-found', `no customer ${id}`);
