// What relays tell of a device's own event logs and of the way it is reached, and how people read it.
import type { Scope } from '#console/access/scope.ts';
import type { Link } from '#console/sites/relays.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { PageOf, PageRequest } from '#console/store/cursor.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { EventRecord, WayRecord } from '#shared/model/record.ts';
import { countLogs, insertEntries, type LogEntry, type LogFilter, listEntries, trimEntries } from './log-repository.ts';
import { ownDevices } from './own-devices.ts';
import { upsertWays } from './way-repository.ts';

export type { LogFilter } from './log-repository.ts';

/**
 * Entries kept of one device: three weeks of one that writes a hundred warnings a day. At most 9 MB of it, rather 1 MB; what
 * is older stands in the device's own log.
 */
export const MAX_ENTRIES = 2_000;
/** So many more may come before the bound is looked at again: a look costs a millisecond, and a flood comes in many batches. */
const SLACK = 100;
/** Devices whose count is remembered between looks; beyond, all are looked at again. */
const MAX_COUNTED = 50_000;

export interface DeviceLogOutlets {
  /** Told after the commit: entries of these devices came, or the way to them was told. */
  onTold?: ((what: 'log' | 'way', of: { site: SiteId; devices: readonly DeviceId[] }) => void) | undefined;
}

export class DeviceLog {
  readonly #store: Store;
  readonly #outlets: DeviceLogOutlets;
  /** Entries of each device since its bound was last looked at. Counting those of a transaction that failed does no harm. */
  readonly #since = new Map<DeviceId, number>();

  constructor(deps: { store: Store; outlets?: DeviceLogOutlets | undefined }) {
    this.#store = deps.store;
    this.#outlets = deps.outlets ?? {};
  }

  /** By the time they happened, newest first. */
  page(scope: Scope, of: { device: DeviceId; filter: LogFilter }, page: PageRequest): Promise<PageOf<LogEntry>> {
    return listEntries(this.#store.db, scope, of, page);
  }

  logs(scope: Scope, device: DeviceId): Promise<Array<{ log: string; entries: number }>> {
    return countLogs(this.#store.db, scope, device);
  }

  /** Entries of one batch; those of devices that are not the relay's own are passed over. */
  async applyEvents(tx: Tx, link: Link, records: readonly EventRecord[]): Promise<void> {
    const own = await ownDevices(
      tx,
      link.relay,
      records.map((record) => record.device),
    );
    const some = records.filter((record) => own.has(record.device));
    await insertEntries(tx, some);
    for (const device of this.#full(some)) await trimEntries(tx, device, MAX_ENTRIES);
    if (own.size > 0) afterCommit(() => this.#outlets.onTold?.('log', { site: link.site, devices: [...own] }));
  }

  async applyWays(tx: Tx, link: Link, records: readonly WayRecord[]): Promise<void> {
    const own = await ownDevices(
      tx,
      link.relay,
      records.map((record) => record.device),
    );
    const last = new Map(records.filter(({ device }) => own.has(device)).map((record) => [record.device, record]));
    // In one order, so that two transactions never wait for each other.
    await upsertWays(
      tx,
      link.relay,
      [...last.values()].sort((a, b) => (a.device < b.device ? -1 : 1)),
    );
    if (own.size > 0) afterCommit(() => this.#outlets.onTold?.('way', { site: link.site, devices: [...own] }));
  }

  /** Those whose bound is to be looked at: of whom this process knows nothing yet, or who told much since. */
  #full(records: readonly EventRecord[]): DeviceId[] {
    const fresh = new Map<DeviceId, number>();
    for (const { device } of records) fresh.set(device, (fresh.get(device) ?? 0) + 1);
    const full: DeviceId[] = [];
    if (this.#since.size > MAX_COUNTED) this.#since.clear();
    for (const [device, count] of fresh) {
      const since = (this.#since.get(device) ?? SLACK) + count;
      if (since > SLACK) full.push(device);
      this.#since.set(device, since > SLACK ? 0 : since);
    }
    return full.sort((a, b) => (a < b ? -1 : 1));
  }
}
