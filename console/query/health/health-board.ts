// How well every device is: reckoned anew all the time in small steps, answered from memory, kept by the hour and the day.
import { setImmediate as pause } from 'node:timers/promises';
import type { Scope } from '#console/access/scope.ts';
import type { FleetRows } from '#console/query/fleet-rows.ts';
import { visibleRows } from '#console/query/visible-rows.ts';
import type { Store } from '#console/store/database.ts';
import { type Clock, HOUR_MS } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { HealthMoment, HealthRow, HealthSum } from '#shared/contract/health-contract.ts';
import { deviceHealth } from '#shared/judge/health/device-health.ts';
import type { Presence } from '#shared/model/alert-words.ts';
import type { DeviceHealth, HealthBounds, HealthScore } from '#shared/model/health.ts';
import { type HealthBucket, USUAL_BOUNDS } from '#shared/model/health-words.ts';
import { HealthKeeper } from './health-keeper.ts';
import { FactBook, inputsOf, worstAlerts } from './health-reader.ts';
import * as repository from './health-repository.ts';
import { HealthTally } from './health-sum.ts';

/** Reckoned anew this often, or more seldom where that would cost a fiftieth of a core: 25,000 devices each half minute. */
const LEAST_MS = 5_000;
const MOST_MS = 120_000;
const COST = 50;
/** Devices reckoned at once: some ten milliseconds, between which requests are answered. */
const DEVICES_AT_ONCE = 250;
const DAY_MS = 86_400_000;

/** What layers of settings say of a device; undefined: as it ships. */
export interface DeviceWord {
  presence?: Presence | undefined;
  bounds?: HealthBounds | undefined;
}

interface BoardDeps {
  store: Pick<Store, 'db' | 'transaction'>;
  clock: Clock;
  rows: FleetRows;
  /** The fleet stands in its rows. */
  ready: () => Promise<void>;
  words?: (() => Promise<ReadonlyMap<DeviceId, DeviceWord>>) | undefined;
  onFailure: (error: unknown) => void;
}

export class HealthBoard {
  readonly #deps: BoardDeps;
  readonly #keeper: HealthKeeper;
  readonly #facts = new FactBook();
  #scores = new Map<string, HealthScore>();
  #at: number | null = null;

  constructor(deps: BoardDeps) {
    this.#deps = deps;
    this.#keeper = new HealthKeeper(deps);
  }

  /** Until the signal aborts; the first time at once. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted) {
      const began = clock.monotonic();
      try {
        await this.pass(signal);
      } catch (error) {
        this.#deps.onFailure(error);
      }
      const waitMs = Math.min(MOST_MS, Math.max(LEAST_MS, (clock.monotonic() - began) * COST));
      await clock.sleep(waitMs, signal).catch(() => undefined); // only the signal rejects a sleep
    }
  }

  /** Reckons, and writes down what is due. */
  async pass(signal?: AbortSignal): Promise<void> {
    await this.#deps.ready();
    await this.refresh();
    await this.#keeper.keep(this.#scores, signal);
  }

  /** Every device that the fleet knows. */
  async refresh(): Promise<void> {
    const { store, clock, rows, words } = this.#deps;
    const now = clock.now();
    const alerts = worstAlerts(await repository.readOpenAlerts(store.db));
    const told = (await words?.()) ?? new Map<DeviceId, DeviceWord>();
    const scores = new Map<string, HealthScore>();
    const all = [...rows.all()];
    for (let from = 0; from < all.length; from += DEVICES_AT_ONCE) {
      const some = all.slice(from, from + DEVICES_AT_ONCE).filter((row) => rows.isUsed(row));
      const ids = some.map((row) => rows.texts.id.text[row] ?? '');
      const facts = ids.length === 0 ? new Map() : await this.#facts.read(store.db, ids);
      for (const row of some) {
        // As it is after the reading: a row may be another's by now.
        const id = rows.texts.id.text[row] ?? '';
        if (id === '') continue;
        const word = told.get(id as DeviceId); // as the database has it
        const beside = { now, facts: facts.get(id), alerts: alerts.get(id), presence: word?.presence };
        scores.set(id, scoreOf(deviceHealth(inputsOf(rows, row, beside), word?.bounds ?? USUAL_BOUNDS)));
      }
      await pause();
    }
    this.#facts.turn();
    this.#scores = scores;
    this.#at = now;
  }

  overview(scope: Scope): {
    at: number | null;
    fleet: HealthSum;
    sites: Array<HealthSum & { siteId: SiteId; siteName: string }>;
  } {
    const { rows } = this.#deps;
    const fleet = new HealthTally();
    const sites = new Map<number, HealthTally>();
    for (const { row, score } of this.#seen(scope)) {
      const place = rows.site[row] ?? -1;
      const site = sites.get(place) ?? new HealthTally();
      sites.set(place, site);
      site.add(score);
      fleet.add(score);
    }
    const named = [...sites].flatMap(([place, tally]) => {
      const site = rows.sites.at(place);
      if (site === undefined) return [];
      return [{ siteId: site.id as SiteId, siteName: site.name, ...tally.mean }]; // as the database has it
    });
    return { at: this.#at, fleet: fleet.mean, sites: named.sort((a, b) => a.score - b.score) };
  }

  /** The worst first; of equal ones those of which less is known, then by name. */
  devices(
    scope: Scope,
    { siteId, bucket, limit }: { siteId?: SiteId | undefined; bucket?: HealthBucket | undefined; limit: number },
  ): { items: HealthRow[]; total: number } {
    const { rows } = this.#deps;
    const place = siteId === undefined ? undefined : rows.sites.placeOf(siteId);
    const found = [...this.#seen(scope)].filter(
      ({ row, score }) =>
        (place === undefined || rows.site[row] === place) && (bucket === undefined || score.bucket === bucket),
    );
    const nameOf = (row: number): string => rows.texts.name.lower[row] ?? '';
    found.sort(
      (a, b) =>
        a.score.score - b.score.score ||
        a.score.confidence - b.score.confidence ||
        (nameOf(a.row) < nameOf(b.row) ? -1 : 1),
    );
    const items = found.slice(0, limit).map(({ row, score }) => ({
      deviceId: (rows.texts.id.text[row] ?? '') as DeviceId, // as the database has it
      name: rows.texts.name.text[row] ?? '',
      siteId: (rows.siteOf(row)?.id ?? '') as SiteId, // likewise
      siteName: rows.siteOf(row)?.name ?? '',
      ...score,
    }));
    return { items, total: found.length };
  }

  /** As it is at this moment, with every point explained. Throws `not-found`. */
  async device(scope: Scope, id: DeviceId): Promise<DeviceHealth> {
    const { store, clock, rows, words, ready } = this.#deps;
    await ready();
    this.#rowOf(scope, id);
    const facts = await new FactBook().read(store.db, [id]);
    const alerts = worstAlerts(await repository.readOpenAlerts(store.db, id));
    const word = (await words?.())?.get(id);
    const beside = { now: clock.now(), facts: facts.get(id), alerts: alerts.get(id), presence: word?.presence };
    return deviceHealth(inputsOf(rows, this.#rowOf(scope, id), beside), word?.bounds ?? USUAL_BOUNDS);
  }

  async deviceHistory(scope: Scope, id: DeviceId, days: number): Promise<HealthMoment[]> {
    await this.#deps.ready();
    this.#rowOf(scope, id);
    return await repository.deviceHealthSince(this.#deps.store.db, scope, id, this.#deps.clock.now() - days * DAY_MS);
  }

  /** Of sites that are seen as a whole. */
  history(scope: Scope, site: SiteId | undefined, days: number): Promise<HealthMoment[]> {
    return repository.siteHealthSince(this.#deps.store.db, scope, site, this.#deps.clock.now() - days * 24 * HOUR_MS);
  }

  *#seen(scope: Scope): Generator<{ row: number; score: HealthScore }> {
    const { rows } = this.#deps;
    const isVisible = visibleRows(rows, scope);
    for (const row of rows.all()) {
      const score = this.#scores.get(rows.texts.id.text[row] ?? '');
      if (score !== undefined && isVisible(row)) yield { row, score };
    }
  }

  #rowOf(scope: Scope, id: DeviceId): number {
    const { rows } = this.#deps;
    const row = rows.rowOf(id);
    if (row === undefined || !visibleRows(rows, scope)(row)) throw new AppError('not-found', `no device ${id}`);
    return row;
  }
}

/** Without its reasons: of 25,000 devices those are half a million objects. */
const scoreOf = ({ score, availability, performance, security, compliance, confidence, bucket }: DeviceHealth) => ({
  ...{ score, availability, performance, security, compliance, confidence, bucket },
});
