// Findings become alerts and alerts incidents: inside the transaction that takes them, each once.
import { ownDevices } from '#console/devices/own-devices.ts';
import type { Link } from '#console/sites/relays.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes, SiteId } from '#shared/base/id.ts';
import type { Finding } from '#shared/model/finding.ts';
import type { IncidentRow } from './alert-rows.ts';
import type { AlertRules } from './alert-rules.ts';
import { AlertWork, type Needs } from './alert-work.ts';
import type { CheckBook } from './check-book.ts';
import { settle } from './incident-state.ts';
import { fitFinding, takeFinding } from './take-finding.ts';

export interface AlertOutlets {
  /** Told after the commit: these incidents are new or were changed. */
  onIncidents?: ((incidents: readonly IncidentRow[]) => void) | undefined;
  /** Told after the commit: something waits in the outbox. */
  onNews?: (() => void) | undefined;
}

export interface AlertDeps {
  store: Store;
  clock: Clock;
  random: RandomBytes;
  rules: AlertRules;
  book: CheckBook;
  outlets?: AlertOutlets | undefined;
}

export class Alerts {
  readonly #deps: AlertDeps;
  readonly #stats = { findings: 0, oldFindings: 0, tooMany: 0 };

  constructor(deps: AlertDeps) {
    this.#deps = deps;
  }

  /** Findings taken, those that were taken before, and those beyond the bound of a device; since the start. */
  stats(): { findings: number; oldFindings: number; tooMany: number } {
    return { ...this.#stats };
  }

  /** Of one batch, in order; those of devices that are not the relay's own are passed over. */
  async applyFindings(tx: Tx, link: Link, records: readonly Finding[]): Promise<void> {
    const named = records.map((record) => record.device);
    const own = await ownDevices(tx, link.relay, named);
    const some = records.filter(({ device }) => own.has(device));
    if (some.length === 0) return;
    const because = some.flatMap((record) => record.because ?? []);
    const devices = [...new Set([...some.map(({ device }) => device), ...because])];
    const needs = { findings: some.map(({ finding }) => finding), subjects: devices.map((id) => `device:${id}`) };
    await this.change(tx, link.site, needs, async (work) => {
      for (const record of some) this.#count(await takeFinding(work, link, fitFinding(record, work.now)));
    });
  }

  #count(taken: Awaited<ReturnType<typeof takeFinding>>): void {
    if (taken === 'taken') this.#stats.findings += 1;
    else if (taken === 'old') this.#stats.oldFindings += 1;
    else this.#stats.tooMany += 1;
  }

  /** One change of the alerts of a place: what `fn` moves is settled, written and told. */
  async change<T>(tx: Tx, place: SiteId | null, needs: Needs, fn: (work: AlertWork) => Promise<T>): Promise<T> {
    const { clock, random, rules, book, outlets } = this.#deps;
    const work = await AlertWork.begin(tx, { now: clock.now(), random, rules, book }, place, needs);
    const result = await fn(work);
    const touched = work.toSettle();
    await work.nameDevices(work.devicesOf(touched));
    await work.readRest(touched);
    for (const incident of touched) settle(work, incident);
    await work.end();
    const incidents = work.touched();
    if (incidents.length > 0) afterCommit(() => outlets?.onIncidents?.(incidents));
    if (work.hasNews) afterCommit(() => outlets?.onNews?.());
    return result;
  }

  /** The same in a transaction of its own. */
  changeNow<T>(place: SiteId | null, needs: Needs, fn: (work: AlertWork) => Promise<T>): Promise<T> {
    return this.#deps.store.transaction((tx) => this.change(tx, place, needs, fn));
  }
}

export type { IncidentRow } from './alert-rows.ts';
