// Keeps how well sites were by the hour and devices by the day, in small steps, and forgets what is older than a year.
import { setImmediate as pause } from 'node:timers/promises';
import type { FleetRows } from '#console/query/fleet-rows.ts';
import type { Store } from '#console/store/database.ts';
import { type Clock, hourOf } from '#shared/base/clock.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { HealthScore } from '#shared/model/health.ts';
import * as repository from './health-repository.ts';
import { HealthTally } from './health-sum.ts';

/** A console that has just begun knows little of its devices: what it would write down is its own ignorance. */
const GRACE_MS = 10 * 60_000;
const SITES_EACH_MS = 10 * 60_000;
const DEVICES_EACH_MS = 60 * 60_000;
const DAY_MS = 86_400_000;
/** A year and a month, to hold against the year before. 25,000 devices are ten million rows then. */
export const KEPT_DAYS = 400;

interface KeeperDeps {
  store: Pick<Store, 'db' | 'transaction'>;
  clock: Clock;
  rows: FleetRows;
}

export class HealthKeeper {
  readonly #deps: KeeperDeps;
  #sitesAt: number;
  #devicesAt: number;
  #day = -1;
  /** What stands in the database of this day, as far as it was written here. */
  #written = new Map<string, string>();

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
    this.#sitesAt = deps.clock.monotonic() + GRACE_MS;
    this.#devicesAt = this.#sitesAt;
  }

  /** Writes what is due. */
  async keep(scores: ReadonlyMap<string, HealthScore>, signal?: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    if (clock.monotonic() >= this.#sitesAt) {
      this.#sitesAt = clock.monotonic() + SITES_EACH_MS;
      await this.#keepSites(scores);
    }
    if (clock.monotonic() < this.#devicesAt) return;
    this.#devicesAt = clock.monotonic() + DEVICES_EACH_MS;
    await this.#keepDevices(scores, signal);
    await this.#deps.store.transaction((tx) => repository.forgetHealth(tx, clock.now() - KEPT_DAYS * DAY_MS));
  }

  async #keepSites(scores: ReadonlyMap<string, HealthScore>): Promise<void> {
    const { rows, store, clock } = this.#deps;
    const sites = new Map<string, HealthTally>();
    for (const row of rows.all()) {
      const score = scores.get(rows.texts.id.text[row] ?? '');
      const site = rows.siteOf(row)?.id;
      if (score === undefined || site === undefined) continue;
      const tally = sites.get(site) ?? new HealthTally();
      sites.set(site, tally);
      tally.add(score);
    }
    const points = [...sites].map(([site, { devices, sums }]) => ({ site: site as SiteId, devices, ...sums })); // as the database has it
    await store.transaction((tx) => repository.putSiteHealth(tx, hourOf(clock.now()), points));
  }

  async #keepDevices(scores: ReadonlyMap<string, HealthScore>, signal: AbortSignal | undefined): Promise<void> {
    const { store, clock } = this.#deps;
    const day = Math.floor(clock.now() / DAY_MS);
    if (day !== this.#day) this.#written.clear();
    this.#day = day;
    const changed = [...scores].filter(([device, score]) => this.#written.get(device) !== keyOf(score));
    for (let from = 0; from < changed.length && signal?.aborted !== true; from += repository.ROWS_AT_ONCE) {
      const some = changed.slice(from, from + repository.ROWS_AT_ONCE);
      const points = some.map(([device, score]) => ({ device, ...score }));
      await store.transaction((tx) => repository.putDeviceHealth(tx, day, points));
      for (const [device, score] of some) this.#written.set(device, keyOf(score));
      await pause();
    }
    for (const device of this.#written.keys()) if (!scores.has(device)) this.#written.delete(device);
  }
}

const keyOf = ({ availability, performance, security, compliance, confidence }: HealthScore): string =>
  [availability, performance, security, compliance, confidence].join();
