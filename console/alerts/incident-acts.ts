// What people do with incidents and alerts: acknowledge, resolve, reopen, snooze, assign, write down. Each is audited.
import { actorName, type Caller, reachOf } from '#console/access/can.ts';
import { type Scope, seesDevice, seesEverything, seesSite } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { AlertId, IncidentId, SiteId } from '#shared/base/id.ts';
import { end } from './alert-moves.ts';
import { type AlertRow, type IncidentRow, subjectKey } from './alert-rows.ts';
import type { AlertWork } from './alert-work.ts';
import type { Alerts } from './alerts.ts';
import { tell } from './incident-state.ts';
import { type Actable, actable } from './shown-repository.ts';

export interface Wished {
  incidents: readonly IncidentId[];
  alerts: readonly AlertId[];
}

/** One incident that is acted on, with the alerts that were named, or all that are open. */
interface Target {
  incident: IncidentRow;
  alerts: readonly AlertRow[];
  isWhole: boolean;
}

interface Act {
  verb: 'acknowledge' | 'resolve' | 'reopen' | 'snooze' | 'assign' | 'note';
  note?: string | undefined;
  detail?: Record<string, string | number | null>;
  /** False where it is so already. */
  move: (work: AlertWork, target: Target, by: string) => boolean | Promise<boolean>;
}

export class IncidentActs {
  readonly #store: Store;
  readonly #alerts: Alerts;
  readonly #audit: Audit;

  constructor(deps: { store: Store; alerts: Alerts; audit: Audit }) {
    this.#store = deps.store;
    this.#alerts = deps.alerts;
    this.#audit = deps.audit;
  }

  acknowledge(caller: Caller, wished: Wished, note?: string): Promise<number> {
    return this.#act(caller, wished, { verb: 'acknowledge', note, move: acknowledge });
  }

  resolve(caller: Caller, wished: Wished, note?: string): Promise<number> {
    const move: Act['move'] = (work, target, by) => resolve(work, target, by, note ?? '');
    return this.#act(caller, wished, { verb: 'resolve', note, move });
  }

  reopen(caller: Caller, wished: Wished, note?: string): Promise<number> {
    return this.#act(caller, wished, { verb: 'reopen', note, move: reopen });
  }

  /** For so long; without a time it speaks again. */
  snooze(caller: Caller, wished: Wished, forMs: number | undefined): Promise<number> {
    const move: Act['move'] = (work, target, by) => snooze(work, target, by, forMs);
    return this.#act(caller, wished, { verb: 'snooze', detail: { forMs: forMs ?? null }, move });
  }

  /** Whether there is such a person is known by who asks. */
  assign(caller: Caller, wished: Wished, assignee: { id: string; name: string } | null): Promise<number> {
    const move: Act['move'] = (work, target, by) => assign(work, target, by, assignee);
    return this.#act(caller, wished, { verb: 'assign', detail: { assignee: assignee?.id ?? null }, move });
  }

  note(caller: Caller, wished: Wished, note: string): Promise<number> {
    return this.#act(caller, wished, { verb: 'note', note, move: () => true });
  }

  /** Returns how many incidents and alerts are other than before. */
  async #act(caller: Caller, wished: Wished, act: Act): Promise<number> {
    const found = await actable(this.#store.db, reachOf(caller), wished);
    const places = new Map<SiteId | null, Actable[]>();
    for (const one of found) places.set(one.site, [...(places.get(one.site) ?? []), one]);
    let changed = 0;
    for (const [site, some] of places) changed += await this.#inPlace(caller, { site, some }, act);
    return changed;
  }

  #inPlace(caller: Caller, { site, some }: { site: SiteId | null; some: Actable[] }, act: Act): Promise<number> {
    const by = actorName(caller.actor);
    const incidents = [...new Set(some.map(({ incident }) => incident))];
    const alerts = some.flatMap(({ alert, root }) => alert ?? root ?? []);
    const scope = reachOf(caller);
    return this.#store.transaction(async (tx) => {
      const done: Actable[] = [];
      await this.#alerts.change(tx, site, { incidents, alerts }, async (work) => {
        for (const one of some) if (await this.#one(work, one, { act, by, scope })) done.push(one);
      });
      const rows = done.map(({ incident, alert }) => ({
        ...{ actor: by, address: caller.address, site, verb: `incident.${act.verb}`, outcome: 'ok' as const },
        resource: alert === null ? `incident:${incident}` : `alert:${alert}`,
        detail: { ...act.detail, note: act.note },
      }));
      if (rows.length > 0) await this.#audit.appendMany(tx, rows);
      return done.length;
    });
  }

  async #one(
    work: AlertWork,
    { incident: id, alert }: Actable,
    { act, by, scope }: { act: Act; by: string; scope: Scope },
  ): Promise<boolean> {
    const incident = work.incident(id);
    if (incident === undefined || incident.mergedInto !== null) return false;
    const named = alert === null ? undefined : work.alert(alert);
    if (alert !== null && named === undefined) return false;
    // Of a switch that one may handle, devices that one may not even see may hang.
    const alerts = named === undefined ? work.openIn(id).filter((one) => reaches(scope, one)) : [named];
    const target = { incident, alerts, isWhole: alert === null };
    if (!(await act.move(work, target, by))) return false;
    work.touchIncident(incident);
    if (act.note !== undefined && act.note !== '' && act.verb !== 'resolve')
      work.note({ incident: id, alert, at: work.now, kind: 'note', by, text: act.note });
    return true;
  }
}

function reaches(scope: Scope, { site, device }: AlertRow): boolean {
  if (site === null || seesEverything(scope)) return seesEverything(scope);
  return device === null ? seesSite(scope, site) : seesDevice(scope, site, device);
}

function acknowledge(work: AlertWork, { incident, alerts, isWhole }: Target, by: string): boolean {
  const fresh = alerts.filter(({ resolvedAt, state }) => resolvedAt === null && state !== 'acknowledged');
  if (incident.resolvedAt !== null || (fresh.length === 0 && incident.state === 'acknowledged')) return false;
  for (const alert of fresh) {
    alert.state = 'acknowledged';
    work.touch(alert);
  }
  const alert = isWhole ? null : (alerts[0]?.id ?? null);
  work.note({ incident: incident.id, alert, at: work.now, kind: 'acknowledged', by, text: '' });
  if (work.openIn(incident.id).some(({ state }) => state !== 'acknowledged')) return fresh.length > 0;
  incident.state = 'acknowledged';
  incident.acknowledgedBy = by;
  incident.acknowledgedAt = work.now;
  incident.changedAt = work.now;
  // Whoever acknowledges it before anybody was told has seen it.
  incident.isTold = true;
  tell(work, incident, 'acknowledged');
  return true;
}

function resolve(work: AlertWork, { incident, alerts, isWhole }: Target, by: string, text: string): boolean {
  const open = alerts.filter(({ resolvedAt }) => resolvedAt === null);
  if (incident.resolvedAt !== null || open.length === 0) return false;
  for (const alert of open) end(work, alert, { at: work.now, by, text });
  if (isWhole && work.openIn(incident.id).length === 0) incident.resolvedBy = by;
  if (incident.state === 'triggered') incident.state = 'active';
  return true;
}

/** The alert that was named, or the root. What opened anew by itself meanwhile stands in its place. */
async function reopen(work: AlertWork, { incident, alerts, isWhole }: Target, by: string): Promise<boolean> {
  const root = incident.root === null ? undefined : work.alert(incident.root);
  const alert = isWhole ? root : alerts[0];
  if (alert === undefined || alert.resolvedAt === null) return false;
  await work.read({ subjects: [subjectKey(alert)] });
  if (work.openOf(subjectKey(alert), alert.check, alert.instance) !== undefined) return false;
  alert.resolvedAt = null;
  alert.resolvedBy = null;
  alert.state = 'active';
  alert.changedAt = work.now;
  work.touch(alert);
  work.note({ incident: incident.id, alert: alert.id, at: work.now, kind: 'reopened', by, text: '' });
  return true;
}

function snooze(work: AlertWork, { incident }: Target, by: string, forMs: number | undefined): boolean {
  if (incident.resolvedAt !== null || (forMs === undefined && incident.snoozedUntil === null)) return false;
  incident.snoozedUntil = forMs === undefined ? null : work.now + forMs;
  const text = incident.snoozedUntil === null ? '' : new Date(incident.snoozedUntil).toISOString();
  const kind = forMs === undefined ? 'woken' : 'snoozed';
  work.note({ incident: incident.id, alert: null, at: work.now, kind, by, text });
  if (incident.isTold) tell(work, incident, kind);
  return true;
}

function assign(work: AlertWork, { incident }: Target, by: string, to: { id: string; name: string } | null): boolean {
  if (incident.assignee === (to?.id ?? null)) return false;
  incident.assignee = to?.id ?? null;
  work.note({ incident: incident.id, alert: null, at: work.now, kind: 'assigned', by, text: to?.name ?? '' });
  // Who takes it for themselves knows.
  if (to !== null && incident.resolvedAt === null && by !== `person:${to.id}`) tell(work, incident, 'assigned');
  return true;
}
