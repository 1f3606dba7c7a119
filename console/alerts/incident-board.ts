// Incidents and alerts as people read them.
import type { Scope } from '#console/access/scope.ts';
import type { PageOf, PageRequest } from '#console/store/cursor.ts';
import type { Store } from '#console/store/database.ts';
import { AppError } from '#shared/base/errors.ts';
import type { AlertId, DeviceId, IncidentId } from '#shared/base/id.ts';
import { MAX_SHOWN_ALERTS } from '#shared/contract/alert-contract.ts';
import { severityRank } from '#shared/model/alert-words.ts';
import type { Condition } from '#shared/model/check.ts';
import { type CheckBook, wordsOf } from './check-book.ts';
import * as repository from './shown-repository.ts';

/** Lines of one incident's timeline that are shown: the newest of one that lasted for months. */
const MAX_ENTRIES = 1_000;
/** Around an alert: how it came, and what came of it. */
const MARGIN_MS = 30 * 60_000;

export type Alert = repository.ShownAlert & { checkName: string };
export type Incident = repository.ShownIncident & repository.AlertCounts;

export class IncidentBoard {
  readonly #store: Store;
  readonly #book: CheckBook;

  constructor(deps: { store: Store; book: CheckBook }) {
    this.#store = deps.store;
    this.#book = deps.book;
  }

  async alerts(scope: Scope, filter: repository.AlertFilter, page: PageRequest): Promise<PageOf<Alert>> {
    const { items, nextCursor } = await repository.listAlerts(this.#store.db, scope, filter, page);
    return { items: items.map((alert) => this.#named(alert)), nextCursor };
  }

  /** Throws `not-found`. */
  async alert(scope: Scope, id: AlertId): Promise<Alert> {
    const found = await repository.findAlert(this.#store.db, scope, id);
    if (found === undefined) throw new AppError('not-found', `no alert ${id}`);
    return this.#named(found);
  }

  async incidents(
    scope: Scope,
    filter: repository.ShownFilter & { assignee?: string | undefined },
    page: PageRequest,
  ): Promise<PageOf<Incident>> {
    const { items, nextCursor } = await repository.listIncidents(this.#store.db, scope, filter, page);
    return { items: await this.#counted(scope, items), nextCursor };
  }

  /** Throws `not-found`. */
  async incident(scope: Scope, id: IncidentId): Promise<Incident> {
    const found = await repository.findIncident(this.#store.db, scope, id);
    const [counted] = found === undefined ? [] : await this.#counted(scope, [found]);
    if (counted === undefined) throw new AppError('not-found', `no incident ${id}`);
    return counted;
  }

  counts(scope: Scope): Promise<repository.OpenCounts> {
    return repository.countOpen(this.#store.db, scope);
  }

  /** Everything of an incident that alerts know: its children, the root first, then open ones, then the worst. */
  async inside(scope: Scope, incident: Incident) {
    const filter = { state: 'any', muted: true, incidentId: incident.id } as const;
    const { items } = await this.alerts(scope, filter, { limit: MAX_SHOWN_ALERTS });
    const root = items.find(({ isRoot }) => isRoot) ?? (await this.#root(scope, incident));
    const rest = items.filter(({ id }) => id !== root?.id).sort(worseFirst);
    const children = [...(root === undefined ? [] : [root]), ...rest].slice(0, MAX_SHOWN_ALERTS);
    return {
      advice: root === undefined ? '' : wordsOf(this.#book, root.check).advice,
      children,
      unseenDevices: await this.#unseen(incident),
      timeline: await repository.listEntries(this.#store.db, scope, { incident: incident.id, limit: MAX_ENTRIES }),
      series: children.flatMap((alert) => this.#series(alert)),
    };
  }

  async #root(scope: Scope, { root }: Incident): Promise<Alert | undefined> {
    const found = root === null ? undefined : await repository.findAlert(this.#store.db, scope, root);
    return found === undefined ? undefined : this.#named(found);
  }

  async #counted(scope: Scope, items: readonly repository.ShownIncident[]): Promise<Incident[]> {
    const counts = await repository.countAlerts(
      this.#store.db,
      scope,
      items.map(({ id }) => id),
    );
    return items.map((item) => ({ ...item, ...(counts.get(item.id) ?? { alerts: 0, openAlerts: 0, devices: 0 }) }));
  }

  async #unseen({ cause, relayId, siteId, resolvedAt }: Incident): Promise<number> {
    if (resolvedAt !== null) return 0;
    if (cause === 'relay' && relayId !== null) return await repository.countUnseen(this.#store.db, { relay: relayId });
    if (cause === 'site' && siteId !== null) return await repository.countUnseen(this.#store.db, { site: siteId });
    return 0;
  }

  #named(alert: repository.ShownAlert): Alert {
    return { ...alert, checkName: wordsOf(this.#book, alert.check).name };
  }

  #series({ id, check, deviceId, instance, openedAt, resolvedAt, changedAt }: Alert) {
    const condition = this.#book.find(check)?.when;
    if (deviceId === null || condition === undefined) return [];
    const span = { from: openedAt - MARGIN_MS, to: (resolvedAt ?? changedAt) + MARGIN_MS };
    return seriesOf(condition).map((name) => ({
      alertId: id,
      deviceId: deviceId satisfies DeviceId,
      name,
      instance,
      ...span,
    }));
  }
}

const worseFirst = (a: Alert, b: Alert): number =>
  Number(a.resolvedAt !== null) - Number(b.resolvedAt !== null) ||
  severityRank(a.severity) - severityRank(b.severity) ||
  a.openedAt - b.openedAt;

/** The series that a condition looks at. */
function seriesOf(condition: Condition): string[] {
  switch (condition.kind) {
    case 'threshold':
    case 'rate':
    case 'absence':
      return [condition.series];
    case 'compound':
      return condition.of.flatMap(seriesOf);
    default:
      return [];
  }
}
