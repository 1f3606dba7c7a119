// Sites: made, described, moved to another customer, listed, found. How they go is in removals.ts.
import { by, type Caller, reachOf } from '#console/access/can.ts';
import { mustKeepRightsOf } from '#console/access/right-bearers.ts';
import { type Scope, seesCustomer, seesEverything } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import { changeDetail } from '#console/audit/change-detail.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { CustomerId, newId, type RandomBytes, SiteId } from '#shared/base/id.ts';
import type { SiteContact, SiteDefaults } from '#shared/model/site.ts';
import { checkDefaults, wordsOf } from './site-defaults.ts';
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
  #onSitesChanged: (sites: readonly SiteId[]) => void;

  constructor(deps: {
    store: Store;
    audit: Audit;
    clock: Clock;
    random: RandomBytes;
    /** Told after the commit: made, renamed, moved or described anew. */
    onSitesChanged?: (sites: readonly SiteId[]) => void;
  }) {
    this.#onSitesChanged = deps.onSitesChanged ?? (() => undefined);
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
    return await this.#store.transaction(async (tx) => {
      await this.#mustKeepRights(tx, caller, {}, site.defaults);
      const made = await this.createIn(tx, site, reachOf(caller));
      const { id, name, customerName, timeZone, isSimulated } = made;
      await this.#audit.append(tx, {
        ...by(caller),
        verb: 'site.create',
        resource: `site:${id}`,
        outcome: 'ok',
        detail: { name, customer: customerName, timeZone, isSimulated },
      });
      return made;
    });
  }

  /** The same inside a transaction whose own row in the trail tells of it. */
  async createIn(tx: Tx, site: NewSite, scope: Scope): Promise<repository.Site> {
    const createdAt = this.#clock.now();
    const id = SiteId.parse(newId(createdAt, this.#random));
    const customerName = site.customerName ?? DEFAULT_CUSTOMER;
    const described = {
      timeZone: site.timeZone ?? 'UTC',
      address: site.address ?? '',
      contact: site.contact ?? { name: '', email: '', phone: '' },
      notes: site.notes ?? '',
      defaults: site.defaults ?? {},
      isSimulated: site.isSimulated ?? false,
      createdAt,
    };
    const { name } = site;
    const customerId = await this.#customerIn(tx, customerName, scope);
    if (!(await repository.insertSite(tx, { id, customerId, name, ...described })))
      throw new AppError('conflict', `customer ${customerName}: a site "${name}" exists already`);
    await checkDefaults(tx, id, described.defaults);
    afterCommit(() => this.#onSitesChanged([id]));
    return { id, customerId, customerName, name, ...described, devices: 0, relays: 0, frozenAt: null };
  }

  /** Who may not make customers finds only those they may see: one of others is as if there were none. */
  async #customerIn(tx: Tx, name: string, scope: Scope): Promise<CustomerId> {
    if (seesEverything(scope)) return await this.ensureCustomerIn(tx, name);
    const known = await repository.customerNamed(tx, scope, name);
    if (known === undefined) throw new AppError('not-found', `no customer "${name}"`);
    return known;
  }

  /** The customer of that name, made if there is none; inside a transaction. */
  async ensureCustomerIn(tx: Tx, name: string): Promise<CustomerId> {
    const createdAt = this.#clock.now();
    const id = newId(createdAt, this.#random);
    return CustomerId.parse(await repository.ensureCustomer(tx, { id, name, createdAt }));
  }

  /** New devices get what the defaults name. */
  #mustKeepRights(tx: Tx, caller: Caller, before: SiteDefaults = {}, after: SiteDefaults = {}): Promise<void> {
    const change = { before: wordsOf(before), after: wordsOf(after) };
    return mustKeepRightsOf(tx, caller, [change], this.#clock.now());
  }

  /** Changes a site inside a transaction whose own row in the trail tells of it. */
  async updateIn(tx: Tx, id: SiteId, change: repository.SiteChange): Promise<void> {
    if (change.defaults !== undefined) await checkDefaults(tx, id, change.defaults);
    await repository.updateSite(tx, id, change);
    afterCommit(() => this.#onSitesChanged([id]));
  }

  /** Throws `not-found`; `conflict` when the customer has a site of that name; `bad-request` for defaults that do not fit. */
  async update(caller: Caller, scope: Scope, id: SiteId, change: repository.SiteChange): Promise<repository.Site> {
    await this.#store
      .transaction(async (tx) => {
        const before = await repository.lockSiteTexts(tx, scope, id);
        if (before === undefined) throw noSite(id);
        const { detail, changed } = changeDetail(before, change, LONG);
        if (detail === undefined) return;
        if (change.customerId !== undefined && !seesCustomer(scope, change.customerId))
          throw new AppError('conflict', noCustomerText(change.customerId));
        if (change.defaults !== undefined && changed.has('defaults')) {
          await this.#mustKeepRights(tx, caller, before.defaults, change.defaults);
          await checkDefaults(tx, id, change.defaults);
        }
        await repository.updateSite(tx, id, change);
        afterCommit(() => this.#onSitesChanged([id]));
        const row = { verb: 'site.update', resource: `site:${id}`, outcome: 'ok' as const, detail };
        await this.#audit.append(tx, { ...by(caller), ...row });
      })
      .catch(
        conflictWhen({
          taken: `the customer has a site "${change.name ?? 'of that name'}" already`,
          gone: noCustomerText(change.customerId),
        }),
      );
    const changed = await this.find(scope, id);
    if (changed === undefined) throw noSite(id);
    return changed;
  }
}

/** Their old and new text would fill the trail. */
const LONG = ['notes'];

const noCustomerText = (id: CustomerId | undefined): string => `there is no customer ${id}`;
export const noSite = (id: SiteId) => new AppError('not-found', `no site ${id}`);
