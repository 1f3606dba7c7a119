// The moves of one alert: it opens, is seen again, changes, ceases; with what the timeline says of each.
import { type Severity, severityRank } from '#shared/model/alert-words.ts';
import type { AlertRow, IncidentRow } from './alert-rows.ts';
import type { AlertWork } from './alert-work.ts';
import { countFindings } from './incident-repository.ts';
import { tell } from './incident-state.ts';
import type { EntryKind } from './stored-words.ts';

/** What was seen of it, by a relay or by the console itself. */
export interface Sighting {
  severity: Severity;
  /** True time of the sighting, and since when the condition holds, or holds no more. */
  at: number;
  since: number;
  detail: string;
  value?: number | undefined;
  limit?: number | undefined;
  unit?: string | undefined;
  /** Seen so often more than when it was last told. */
  more: number;
  isMuted: boolean;
  toldAt?: number | undefined;
}

/** Kept of when it opened: as many as flapping may ask for. */
const MAX_OPENINGS = 20;

export function noteOf(work: AlertWork, alert: AlertRow, kind: EntryKind, at: number, text: string): void {
  work.note({ incident: alert.incident, alert: alert.id, at, kind, by: null, text });
}

/** The condition holds: first, still, or again. */
export function see(work: AlertWork, alert: AlertRow, seen: Sighting, isNew = false): void {
  // What a person resolved while it failed on is open again when it is found anew.
  const again = !alert.isFailing || (isNew && alert.resolvedAt !== null);
  refresh(work, alert, seen);
  if (again) openAgain(work, alert, seen);
  work.touch(alert);
}

function refresh(work: AlertWork, alert: AlertRow, seen: Sighting): void {
  alert.detail = seen.detail;
  alert.value = seen.value ?? null;
  alert.limit = seen.limit ?? null;
  alert.unit = seen.unit ?? null;
  alert.count += seen.more;
  if (seen.toldAt !== undefined) takeTold(work, alert, seen.toldAt);
  if (alert.severity !== seen.severity) {
    const isWorse = severityRank(seen.severity) < severityRank(alert.severity);
    noteOf(work, alert, 'severity', seen.at, `${alert.severity} → ${seen.severity}: ${seen.detail}`);
    alert.severity = seen.severity;
    alert.changedAt = work.now;
    // Who acknowledged it did not know this.
    if (isWorse && alert.resolvedAt !== null && alert.resolvedBy !== null) undoResolve(work, alert, seen);
  }
  if (alert.isMuted !== seen.isMuted) {
    alert.isMuted = seen.isMuted;
    noteOf(work, alert, seen.isMuted ? 'muted' : 'unmuted', seen.at, seen.isMuted ? 'a maintenance window began' : '');
  }
}

function takeTold(work: AlertWork, alert: AlertRow, toldAt: number): void {
  if (alert.toldAt !== null) return;
  alert.toldAt = toldAt;
  const incident = work.incident(alert.incident);
  if (incident !== undefined) incident.toldAt ??= toldAt;
  noteOf(work, alert, 'told', toldAt, "the site's relay told its on-call while the console was away");
}

function undoResolve(work: AlertWork, alert: AlertRow, seen: Sighting): void {
  alert.resolvedAt = null;
  alert.resolvedBy = null;
  alert.evidence = null;
  alert.state = 'active';
  alert.changedAt = work.now;
  if (alert.flappingSince === null) noteOf(work, alert, 'reopened', seen.since, seen.detail);
}

function openAgain(work: AlertWork, alert: AlertRow, seen: Sighting): void {
  alert.isFailing = true;
  alert.changedAt = work.now;
  alert.openings = [...alert.openings, seen.since].slice(-MAX_OPENINGS);
  if (alert.resolvedAt !== null) undoResolve(work, alert, seen);
  const { flapOpenings, flapWithinMs } = work.rules;
  const lately = alert.openings.filter((at) => at > seen.since - flapWithinMs);
  if (alert.flappingSince !== null || lately.length < flapOpenings) return;
  alert.flappingSince = seen.since;
  const text = `opened ${lately.length} times within ${Math.round((seen.since - (lately[0] ?? seen.since)) / 60_000)} min`;
  noteOf(work, alert, 'flapping', seen.since, text);
  const incident = work.incident(alert.incident);
  if (incident !== undefined && !alert.isMuted) tellFlapping(work, incident);
}

/** Who was told that it is open, or will be, hears no more before it is calm; who was told that it is over hears that it is not. */
function tellFlapping(work: AlertWork, incident: IncidentRow): void {
  if (incident.isTold || incident.state === 'triggered') return;
  tell(work, incident, 'flapping');
  incident.isTold = true;
}

/** The condition holds no more. What flaps stays open until it is calm. */
export function cease(work: AlertWork, alert: AlertRow, seen: Pick<Sighting, 'since' | 'detail' | 'toldAt'>): void {
  if (!alert.isFailing) return;
  alert.isFailing = false;
  alert.evidence = seen.detail;
  alert.changedAt = work.now;
  if (seen.toldAt !== undefined) takeTold(work, alert, seen.toldAt);
  if (alert.resolvedAt === null && alert.flappingSince === null) {
    end(work, alert, { at: Math.max(seen.since, alert.openedAt), by: null, text: seen.detail });
  }
  work.touch(alert);
}

/** It is over, by itself or by a person's word. */
export function end(work: AlertWork, alert: AlertRow, over: { at: number; by: string | null; text: string }): void {
  alert.state = 'resolved';
  alert.resolvedAt = over.at;
  alert.resolvedBy = over.by;
  alert.flappingSince = null;
  alert.changedAt = work.now;
  const { id, incident } = alert;
  const kind = over.by === null ? 'cleared' : 'resolved';
  work.note({ incident, alert: id, at: over.at, kind, by: over.by, text: over.text });
  work.ended(alert);
  work.touch(alert);
}

/** The clock looks at what flapped: calm for long enough, it is over since it ceased last, or plainly open. */
export async function calm(work: AlertWork, alert: AlertRow): Promise<void> {
  if (alert.flappingSince === null || work.now < alert.changedAt + work.rules.steadyMs) return;
  noteOf(work, alert, 'steady', work.now, await flapsOf(work, alert, alert.changedAt));
  alert.flappingSince = null;
  if (!alert.isFailing) {
    end(work, alert, { at: Math.max(alert.changedAt, alert.openedAt), by: null, text: alert.evidence ?? '' });
    return;
  }
  alert.openings = alert.openings.slice(-1);
  work.touch(alert);
}

/** "came and went 30 times in 58 min", until then: each time was a finding of its own. */
export async function flapsOf(work: AlertWork, alert: AlertRow, until: number): Promise<string> {
  const since = (alert.flappingSince ?? until) - work.rules.flapWithinMs;
  const found = await countFindings(work.tx, alert.id, since);
  const [first = until] = alert.openings;
  // What the console found by itself has no findings.
  const { times, from } = found.times > alert.openings.length ? found : { times: alert.openings.length, from: first };
  const now = alert.isFailing ? '; now it lasts' : '';
  return `came and went ${times} times in ${Math.max(1, Math.round((until - from) / 60_000))} min${now}`;
}
