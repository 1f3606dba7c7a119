// Customers and sites that go, with everything of theirs: counted beforehand, removed in one transaction, their links cut after it.
import { by, type Caller } from '#console/access/can.ts';
import { type Scope, seesAllOf } from '#console/access/scope.ts';
import type { Audit, AuditEntry } from '#console/audit/audit.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import type { CustomerId, DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { findCustomer } from './customer-repository.ts';
import { noCustomer } from './customers.ts';
import * as repository from './removal-repository.ts';
import { findSite } from './site-repository.ts';
import { noSite } from './sites.ts';

export interface Removed {
  sites: readonly SiteId[];
  /** Not enrolled any more: their links are to be cut, their certificates are refused from now on. */
  relays: readonly RelayId[];
  devices: ReadonlyArray<{ id: DeviceId; siteId: SiteId }>;
}

export interface RemovalOutlets {
  /** Inside the transaction, close to its end: the open actions of these relays end as they stand. */
  abandon: (tx: Tx, relays: readonly RelayId[]) => Promise<void>;
  /** Told after the commit. */
  onRemoved: (removed: Removed) => void;
}

export class Removals {
  #store: Store;
  #audit: Audit;
  #outlets: RemovalOutlets;

  constructor(deps: { store: Store; audit: Audit; outlets: RemovalOutlets }) {
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#outlets = deps.outlets;
  }

  /** What would go with a site; throws `not-found`. */
  async previewSite(scope: Scope, id: SiteId): Promise<repository.Removal> {
    const { db } = this.#store;
    if ((await findSite(db, scope, id)) === undefined) throw noSite(id);
    return repository.countOf(db, [id]);
  }

  async previewCustomer(scope: Scope, id: CustomerId): Promise<repository.Removal> {
    const { db } = this.#store;
    if ((await findCustomer(db, scope, id)) === undefined) throw noCustomer(id);
    return repository.countOf(db, await repository.sitesOfCustomer(db, scope, id));
  }

  /** `devices` is how many the caller means to lose: any other number than the present one removes nothing (`conflict`). */
  removeSite(
    caller: Caller,
    scope: Scope,
    { id, devices }: { id: SiteId; devices: number },
  ): Promise<repository.Removal> {
    return this.#transaction(async (tx) => {
      const [site] = await repository.lockSites(tx, scope, [id]);
      if (site === undefined || !seesAllOf(scope, id)) throw noSite(id);
      const { counts, rows } = await this.#remove(tx, caller, { sites: [id], devices, what: `site ${site.name}` });
      const row = { verb: 'site.remove', resource: `site:${id}`, detail: { name: site.name, ...counts } };
      await this.#audit.appendMany(tx, [...rows, { ...by(caller), ...row, outcome: 'ok' }]);
      return counts;
    });
  }

  removeCustomer(
    caller: Caller,
    scope: Scope,
    { id, devices }: { id: CustomerId; devices: number },
  ): Promise<repository.Removal> {
    return this.#transaction(async (tx) => {
      const customer = await repository.lockCustomerRow(tx, scope, id);
      if (customer === undefined) throw noCustomer(id);
      const { name } = customer;
      const sites = await repository.lockSites(tx, scope, await repository.sitesOfCustomer(tx, scope, id));
      const ids = sites.map((site) => site.id);
      // Who may not reach all that is the customer's removes none of it.
      const isWhole = ids.length === (await repository.countSites(tx, id)) && ids.every((one) => seesAllOf(scope, one));
      if (!isWhole) throw noCustomer(id);
      const { counts, rows } = await this.#remove(tx, caller, { sites: ids, devices, what: `customer ${name}` });
      await repository.deleteCustomer(tx, id);
      const row = { verb: 'customer.remove', resource: `customer:${id}`, detail: { name, ...counts } };
      const gone = sites.map((site): AuditEntry => {
        const detail = { name: site.name, customer: name };
        return { ...by(caller), verb: 'site.remove', resource: `site:${site.id}`, outcome: 'ok', detail };
      });
      await this.#audit.appendMany(tx, [...rows, ...gone, { ...by(caller), ...row, outcome: 'ok' }]);
      return counts;
    });
  }

  /** All but the last rows of the audit trail, which say what was asked. */
  async #remove(
    tx: Tx,
    caller: Caller,
    wish: { sites: readonly SiteId[]; devices: number; what: string },
  ): Promise<{ counts: repository.Removal; rows: AuditEntry[] }> {
    const { sites, what } = wish;
    const counts = await repository.countOf(tx, sites);
    if (counts.devices !== wish.devices)
      throw new AppError(
        'conflict',
        `${what} has ${counts.devices} devices now, not ${wish.devices}: nothing was removed`,
      );
    const relays = sites.length === 0 ? [] : await repository.relaysOf(tx, sites);
    const devices = sites.length === 0 ? [] : await repository.devicesOf(tx, sites);
    const relayIds = relays.map(({ id }) => id);
    if (sites.length > 0)
      await repository.deleteSites(tx, { sites, relays: relayIds, devices: devices.map(({ id }) => id) });
    afterCommit(() => this.#outlets.onRemoved({ sites, relays: relayIds, devices }));
    await this.#outlets.abandon(tx, relayIds);
    const rows = relays.flatMap(({ id, isRevoked }): AuditEntry[] => {
      if (isRevoked) return [];
      const detail = { with: what };
      // The relay is gone by now: its site is known where there is but one.
      const site = sites.length === 1 ? sites[0] : undefined;
      return [{ ...by(caller), verb: 'relay.revoke', resource: `relay:${id}`, site, outcome: 'ok', detail }];
    });
    return { counts, rows };
  }

  #transaction<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#store
      .transaction(fn)
      .catch(conflictWhen({ gone: 'something was added to it meanwhile: nothing was removed' }));
  }
}
