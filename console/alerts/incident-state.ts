// What an incident is, by its alerts: how bad, whether over, whether silent, and what people are to be told of it now.
import { type Severity, severityRank } from '#shared/model/alert-words.ts';
import type { OpenSum } from './alert-repository.ts';
import type { IncidentRow } from './alert-rows.ts';
import type { AlertWork } from './alert-work.ts';
import { isRootCheck } from './root-checks.ts';
import type { ChangeKind } from './stored-words.ts';
import { titleOf } from './titles.ts';

/** The worst of them; undefined of none. */
export function worstOf(alerts: ReadonlyArray<Pick<OpenSum, 'severity'>>): Severity | undefined {
  let worst: Severity | undefined;
  for (const { severity } of alerts)
    if (worst === undefined || severityRank(severity) < severityRank(worst)) worst = severity;
  return worst;
}

/** Brings it in line with its alerts, which were changed; called once for each incident that was touched, at the end. */
export function settle(work: AlertWork, incident: IncidentRow): void {
  if (incident.mergedInto !== null) return;
  const open = [...work.openIn(incident.id), ...work.restOf(incident.id)];
  const before = incident.severity;
  if (open.length > 0) settleOpen(work, incident, open);
  else settleOver(work, incident);
  if (open.length > 0 && incident.isTold && severityRank(incident.severity) < severityRank(before))
    worse(work, incident);
  incident.dueAt = nextDue(work, incident, open);
  work.touchIncident(incident);
}

function settleOpen(work: AlertWork, incident: IncidentRow, open: readonly OpenSum[]): void {
  const speaking = open.filter(({ isMuted }) => !isMuted);
  incident.severity = worstOf(speaking.length > 0 ? speaking : open) ?? incident.severity;
  incident.title = titleOf(work, incident, work.openIn(incident.id));
  const wasMuted = incident.isMuted;
  incident.isMuted = speaking.length === 0;
  if (incident.isMuted && !wasMuted && incident.isTold) tell(work, incident, 'muted');
  settleFlapping(work, incident, open);
  const wasOver = incident.resolvedAt !== null;
  if (wasOver) reopen(work, incident);
  if (incident.state === 'triggered') {
    if (work.now >= heldUntil(work, incident)) incident.state = 'active';
    else return;
  }
  if (incident.state === 'active' && !open.some(({ state }) => state !== 'acknowledged'))
    incident.state = 'acknowledged';
  if (!incident.isTold && !incident.isMuted) {
    incident.isTold = true;
    tell(work, incident, wasOver || incident.isPast ? 'reopened' : 'opened');
  }
}

/** Calm, and open all the same: people who heard that it began hear in one message how often it came and went. */
function settleFlapping(work: AlertWork, incident: IncidentRow, open: readonly OpenSum[]): void {
  const wasFlapping = incident.flappingSince !== null;
  incident.flappingSince = earliest(open.map(({ flappingSince }) => flappingSince));
  if (incident.flappingSince !== null) {
    incident.flapToldAt ??= work.now;
    return;
  }
  incident.flapToldAt = null;
  if (wasFlapping && incident.isTold && !incident.isMuted) tell(work, incident, 'flapping');
}

/** What was told to be open and begins again before anybody heard that it was over, never ceased for people. */
function reopen(work: AlertWork, incident: IncidentRow): void {
  incident.resolvedAt = null;
  incident.resolvedBy = null;
  incident.state = incident.acknowledgedAt === null || !incident.isTold ? 'active' : 'acknowledged';
  incident.changedAt = work.now;
  if (incident.isTold) return;
  incident.acknowledgedAt = null;
  incident.acknowledgedBy = null;
}

function settleOver(work: AlertWork, incident: IncidentRow): void {
  if (incident.resolvedAt === null) {
    incident.resolvedAt = work.endOf(incident.id) ?? work.now;
    incident.changedAt = work.now;
    incident.flappingSince = null;
    incident.flapToldAt = null;
    incident.snoozedUntil = null;
    // It was over before anybody was told that it began: one word says both.
    if (incident.state === 'triggered') {
      incident.isPast = true;
      incident.title = titleOf(work, incident, work.alertsIn(incident.id));
      if (!incident.isMuted) tell(work, incident, 'past');
    }
    incident.state = 'resolved';
  }
  // A person's word needs no waiting: it will not take itself back.
  const isSure = incident.resolvedBy !== null || work.now >= incident.changedAt + work.rules.dedupMs;
  if (incident.isTold && isSure) {
    incident.isTold = false;
    tell(work, incident, 'resolved');
  }
}

function worse(work: AlertWork, incident: IncidentRow): void {
  incident.changedAt = work.now;
  // What flaps gets worse each time anew.
  if (incident.isMuted || incident.flappingSince !== null) return;
  incident.snoozedUntil = null;
  tell(work, incident, 'worse');
}

/** Told now, with what the site's relay has told already. */
export function tell(work: AlertWork, incident: IncidentRow, kind: ChangeKind): void {
  const { id, root, severity, toldAt } = incident;
  const at = kind === 'resolved' ? (incident.resolvedAt ?? work.now) : kind === 'opened' ? incident.openedAt : work.now;
  work.tell({ incident: id, alert: root, kind, severity, at, toldAt });
}

function earliest(times: ReadonlyArray<number | null>): number | null {
  const some = times.filter((time) => time !== null);
  return some.length === 0 ? null : Math.min(...some);
}

/** What comes late is held longer: `dueAt` says so from the start. */
const heldUntil = ({ rules }: AlertWork, { receivedAt, dueAt }: IncidentRow): number =>
  Math.max(receivedAt + rules.holdMs, dueAt ?? 0);

/** When the clock has to look again: the hold, a snooze, the calm of what flapped, the word that it is over. */
function nextDue(work: AlertWork, incident: IncidentRow, open: readonly OpenSum[]): number | null {
  const { dedupMs, steadyMs } = work.rules;
  return earliest([
    incident.state === 'triggered' ? heldUntil(work, incident) : null,
    incident.resolvedAt !== null && incident.isTold ? incident.changedAt + dedupMs : null,
    incident.snoozedUntil,
    flapDueAt(work, incident),
    recheckAt(work, incident, open),
    ...open.map(({ flappingSince, changedAt }) => (flappingSince === null ? null : changedAt + steadyMs)),
  ]);
}

/** When it is told that it flaps on: after two hours, and then after as long as it has done so, up to a day. */
export function flapDueAt({ rules }: AlertWork, { flappingSince, flapToldAt }: IncidentRow): number | null {
  if (flappingSince === null || flapToldAt === null) return null;
  return flapToldAt + Math.min(Math.max(flapToldAt - flappingSince, rules.flapDigestMs), rules.flapDigestMostMs);
}

/** When what is left without its root is looked at. */
function recheckAt(work: AlertWork, incident: IncidentRow, open: readonly OpenSum[]): number | null {
  const root = incident.root === null ? undefined : work.alert(incident.root);
  if (open.length === 0 || root === undefined || root.resolvedAt === null || !isRootCheck(root.check)) return null;
  return root.changedAt + work.rules.recheckMs;
}
