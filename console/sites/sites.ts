// Customers and their sites: made, listed, found.
import { actorName, type Caller } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { CustomerId, newId, type RandomBytes, SiteId } from '#shared/base/id.ts';
import type { SiteContact, SiteDefaults } from '#shared/model/site.ts';
import * as repository from './site-repository.ts';

export interface NewSite {
  name: string;
  /** Sites of a company of its own hang below this name when none is given. */
  customerName?: string | undefined;
  timeZone?: string | undefined;
  address?: string | undefined;
  contact?: SiteContact | undefined;
  notes?: string | undefined;
  defaults?: SiteDefaults | undefined;
  isSimulated?: boolean | undefined;
}

export const DEFAULT_CUSTOMER = 'Default';

export class Sites {
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

  list(scope: Scope): Promise<repository.Site[]> {
    return repository.listSites(this.#store.db, scope);
  }

  find(scope: Scope, id: SiteId): Promise<repository.Site | undefined> {
    return repository.findSite(this.#store.db, scope, id);
  }

  findByName(scope: Scope, name: string, customer = DEFAULT_CUSTOMER): Promise<repository.Site | undefined> {
    return repository.findSiteByName(this.#store.db, scope, customer, name);
  }

  /** Inside a transaction; false for a site that does not exist. */
  isSimulated(tx: Tx, id: SiteId): Promise<boolean> {
    return repository.isSimulated(tx, id);
  }

  /** Throws `conflict` when the customer has a site of that name. */
  async create(caller: Caller, site: NewSite): Promise<repository.Site> {
    const createdAt = this.#clock.now();
    const id = SiteId.parse(newId(createdAt, this.#random));
    const customerName = site.customerName ?? DEFAULT_CUSTOMER;
    const timeZone = site.timeZone ?? 'UTC';
    const isSimulated = site.isSimulated ?? false;
    const described = {
      timeZone,
      address: site.address ?? '',
      contact: site.contact ?? { name: '', email: '', phone: '' },
      notes: site.notes ?? '',
      defaults: site.defaults ?? {},
      isSimulated,
      createdAt,
    };
    const { name } = site;
    const newCustomerId = newId(createdAt, this.#random);
    const customerId = await this.#store.transaction(async (tx) => {
      const customer = await repository.ensureCustomer(tx, { id: newCustomerId, name: customerName, createdAt });
      if (!(await repository.insertSite(tx, { id, customerId: customer, name, ...described })))
        throw new AppError('conflict', `customer ${customerName}: a site "${name}" exists already`);
      await this.#audit.append(tx, {
        actor: actorName(caller.actor),
        address: caller.address,
        verb: 'site.create',
        resource: `site:${id}`,
        outcome: 'ok',
        detail: { name, customer: customerName, timeZone, isSimulated },
      });
      return customer;
    });
    return { id, customerId: CustomerId.parse(customerId), customerName, name, ...described, devices: 0, relays: 0 };
  }
}
