// Which incident an alert is a part of: of the device it depends on, of its own device's outage, of trouble beside it, or its own.
import type { AlertId, IncidentId } from '#shared/base/id.ts';
import { lastResolved } from './alert-repository.ts';
import { type AlertRow, type IncidentRow, type Subject, subjectKey } from './alert-rows.ts';
import { type AlertWork, placeOf } from './alert-work.ts';
import { DEVICE_DOWN } from './check-book.ts';
import { worstOf } from './incident-state.ts';
import { isRootCheck } from './root-checks.ts';

/** Something that others depend on, while it fails. */
interface Root {
  subject: string;
  check: string;
}

const downOf = (device: string): Root => ({ subject: `device:${device}`, check: DEVICE_DOWN });
const CUT_OFF: Root = { subject: 'console', check: 'console.cut-off' };

type Unplaced = Omit<AlertRow, 'incident'>;

/** What would explain it, the nearest first. A device that depends on itself depends on nothing. */
function rootsOf({ because, device, check, site }: Unplaced): Root[] {
  if (check === 'relay.silent') return [{ subject: `site:${site}`, check: 'site.silent' }, CUT_OFF];
  if (check === 'site.silent') return [CUT_OFF];
  if (device === null) return [];
  const parent = because === null || because === device ? [] : [downOf(because)];
  return check === DEVICE_DOWN ? parent : [...parent, downOf(device)];
}

/** The incident that explains it; else one of its own that begins with it. */
export async function place(work: AlertWork, alert: Unplaced): Promise<AlertRow> {
  const explained = (await explaining(work, alert, rootsOf(alert))) ?? beside(work, alert);
  const incident = explained ?? begin(work, alert);
  const placed: AlertRow = { ...alert, incident: incident.id };
  work.add(placed);
  const kind = explained === undefined ? 'opened' : 'joined';
  work.note({ incident: incident.id, alert: placed.id, at: placed.openedAt, kind, by: null, text: placed.detail });
  work.touchIncident(incident);
  return placed;
}

async function explaining(work: AlertWork, alert: Unplaced, roots: readonly Root[]): Promise<IncidentRow | undefined> {
  for (const { subject, check } of roots) {
    const open = work.openOf(subject, check, '');
    // What begins with the first answer after an outage is no part of it any more.
    const root = open ?? (await lastResolved(work.tx, { subject, check, instance: '' }, alert.openedAt + 1));
    if (root === undefined || root.id === alert.id) continue;
    // What is over explains what began while it lasted.
    if (open === undefined && root.openedAt > alert.openedAt) continue;
    await work.readIncidents([root.incident]);
    const incident = work.incident(work.alert(root.id)?.incident ?? root.incident);
    if (incident !== undefined && incident.state !== 'archived') return incident;
  }
  return undefined;
}

/** Trouble of the same kind on the same device that began lately. */
function beside(work: AlertWork, alert: Unplaced): IncidentRow | undefined {
  if (alert.device === null || alert.type !== 'performance' || alert.isMuted) return undefined;
  const since = alert.openedAt - work.rules.correlateMs;
  const near = work.openWhere(
    ({ device, type, openedAt, isMuted, check }) =>
      device === alert.device && type === alert.type && !isMuted && openedAt >= since && check !== DEVICE_DOWN,
  );
  return near[0] === undefined ? undefined : work.incident(near[0].incident);
}

function begin(work: AlertWork, alert: Unplaced): IncidentRow {
  const incident: IncidentRow = {
    ...placeOf(alert),
    id: work.newIncidentId(),
    cause: causeOf(alert),
    title: alert.detail,
    state: 'triggered',
    severity: alert.severity,
    root: alert.id,
    openedAt: alert.openedAt,
    receivedAt: work.now,
    changedAt: work.now,
    ...{ resolvedAt: null, resolvedBy: null, isPast: false, isMuted: alert.isMuted, isTold: false },
    ...{
      flappingSince: null,
      flapToldAt: null,
      snoozedUntil: null,
      assignee: null,
      acknowledgedBy: null,
      acknowledgedAt: null,
    },
    ...{ toldAt: alert.toldAt, dueAt: null, mergedInto: null },
  };
  work.addIncident(incident);
  return incident;
}

function causeOf({ device, relay, site }: Subject): IncidentRow['cause'] {
  if (device !== null) return 'device';
  if (relay !== null) return 'relay';
  return site === null ? 'console' : 'site';
}

/** `root` explains these: they leave the incidents they are in, and an incident that is left empty is a part of the root's. */
export async function absorb(work: AlertWork, root: AlertRow, alerts: readonly AlertRow[]): Promise<void> {
  await work.readWhole(alerts.map(({ incident }) => incident).filter((id) => id !== root.incident));
  const home = work.incident(root.incident);
  if (home === undefined) return;
  for (const alert of alerts) {
    const former = work.incident(alert.incident);
    if (alert.id === root.id || former === undefined || former.id === home.id) continue;
    move(work, alert, { former, home });
    if (work.openIn(former.id).length === 0) merge(work, former, home.id, root.id);
  }
  work.touchIncident(home);
}

function move(work: AlertWork, alert: AlertRow, { former, home }: { former: IncidentRow; home: IncidentRow }): void {
  const text = alert.detail;
  work.note({ incident: former.id, alert: alert.id, at: work.now, kind: 'left', by: null, text });
  work.note({ incident: home.id, alert: alert.id, at: work.now, kind: 'joined', by: null, text });
  alert.incident = home.id;
  work.touch(alert);
  work.touchIncident(former);
}

function merge(work: AlertWork, former: IncidentRow, into: IncidentId, root: AlertId): void {
  former.mergedInto = into;
  former.state = 'resolved';
  former.resolvedAt = work.now;
  former.changedAt = work.now;
  former.dueAt = null;
  work.note({ incident: former.id, alert: root, at: work.now, kind: 'merged', by: null, text: into });
  if (!former.isTold) return;
  former.isTold = false;
  const { id, severity, toldAt } = former;
  work.tell({ incident: id, alert: root, kind: 'merged', severity, at: work.now, toldAt });
}

/** The root is over since `recheckMs`: what is left had another reason, and each goes its own way. */
export function recheck(work: AlertWork, incident: IncidentRow): void {
  const root = incident.root === null ? undefined : work.alert(incident.root);
  if (root === undefined || root.resolvedAt === null || !isRootCheck(root.check)) return;
  if (work.now < root.changedAt + work.rules.recheckMs) return;
  const left = work.openIn(incident.id);
  const explainers = (alert: AlertRow) =>
    rootsOf(alert).flatMap(({ subject, check }) => work.openOf(subject, check, '') ?? []);
  const free = left.filter((alert) => explainers(alert).every(({ id }) => id === alert.id));
  // Two that depend on each other depend on nothing.
  const own = free.length > 0 ? free : left;
  for (const alert of own) move(work, alert, { former: incident, home: begin(work, alert) });
  for (const alert of left) {
    const [explainer] = own.includes(alert) ? [] : explainers(alert);
    const home = explainer === undefined ? undefined : work.incident(explainer.incident);
    if (home !== undefined && home.id !== incident.id) move(work, alert, { former: incident, home });
  }
}

/** The device is down: what depends on it, and what else began on it just now, is a part of that. */
export async function absorbOutage(work: AlertWork, root: AlertRow): Promise<void> {
  if (root.device === null) return;
  await work.read({ because: [root.device] });
  const since = root.openedAt - work.rules.correlateMs;
  const own = subjectKey(root);
  const parts = work.openWhere(
    (alert) => alert.because === root.device || (subjectKey(alert) === own && alert.openedAt >= since),
  );
  await absorb(work, root, parts);
  const home = work.incident(root.incident);
  // Parts that came along make nothing worse: it was as bad before, in several incidents.
  const worst = home === undefined ? undefined : worstOf([home, ...work.openIn(home.id)]);
  if (home !== undefined && worst !== undefined) home.severity = worst;
}
