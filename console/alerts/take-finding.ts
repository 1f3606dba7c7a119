// One record of a finding, taken once: it opens an alert, or is a move of one.
import { storedText } from '#console/store/stored-text.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { Finding } from '#shared/model/finding.ts';
import { cease, type Sighting, see } from './alert-moves.ts';
import { lastResolved } from './alert-repository.ts';
import { type AlertRow, type FindingRow, type Subject, subjectKey } from './alert-rows.ts';
import type { AlertWork } from './alert-work.ts';
import { DEVICE_DOWN, wordsOf } from './check-book.ts';
import { absorbOutage, place } from './correlate.ts';
import { tell } from './incident-state.ts';

/**
 * Open alerts of one device: three of each of its disks, interfaces and services that matter. A relay that tells more is out of
 * its mind, and what it tells more is passed over.
 */
export const MAX_OPEN_PER_SUBJECT = 200;

/** Clocks of relays run ahead; what claims to be later than this is of now. */
const MAX_AHEAD_MS = 5 * 60_000;

/** As it can be stored, and at times that can be shown: two texts that are stored alike are one instance. */
export function fitFinding(record: Finding, now: number): Finding {
  const atMost = (at: number): number => Math.min(at, now + MAX_AHEAD_MS);
  return {
    ...record,
    instance: storedText(record.instance, 255),
    at: atMost(record.at),
    since: atMost(record.since),
    ...(record.toldAt === undefined ? {} : { toldAt: atMost(record.toldAt) }),
  };
}

export type Taken = 'taken' | 'old' | 'too-many';

export async function takeFinding(
  work: AlertWork,
  link: { relay: RelayId; site: SiteId },
  record: Finding,
): Promise<Taken> {
  const known = work.findings.get(record.finding);
  if (known !== undefined) return takeNext(work, known, record);
  // Its beginning was lost on the way; what never began here need not end here.
  if (record.state === 'clear') return 'old';
  const subject = { site: link.site, relay: link.relay, device: record.device };
  const opened = await openAlert(work, { subject, record });
  if (opened === undefined) return 'too-many';
  const { finding, step, count, at } = record;
  const row: FindingRow = { id: finding, alert: opened.id, relay: link.relay, step, count, isOpen: true, at };
  work.touchFinding(row);
  work.supersede(row);
  return 'taken';
}

function takeNext(work: AlertWork, known: FindingRow, record: Finding): Taken {
  if (record.step <= known.step) return 'old';
  const more = Math.max(0, record.count - known.count);
  const speaks = known.isOpen;
  Object.assign(known, { step: record.step, count: record.count, at: record.at });
  work.touchFinding(known);
  const alert = work.alert(known.alert);
  if (alert === undefined || !speaks) return 'old';
  // Resolved by a person, and found anew since by another finding: that one speaks.
  if (alert.resolvedAt !== null && work.openOf(subjectKey(alert), alert.check, alert.instance) !== undefined)
    return 'old';
  if (record.state === 'clear') {
    known.isOpen = false;
    cease(work, alert, record);
    return 'taken';
  }
  see(work, alert, sightingOf(record, more));
  if (record.because !== undefined) alert.because = record.because;
  return 'taken';
}

/** What a finding says of its condition; the console's own say the same. */
export type Observed = Omit<Finding, 'type' | 'finding' | 'device' | 'state' | 'step'>;

const sightingOf = (record: Observed, more: number): Sighting => ({
  ...{ severity: record.severity, at: record.at, since: record.since, detail: record.detail, more },
  ...{ value: record.value, limit: record.limit, unit: record.unit },
  isMuted: record.muted !== undefined,
  toldAt: record.toldAt,
});

export interface Opening {
  subject: Subject;
  record: Observed;
}

/** The alert of this name that is open, or that ended lately, or a new one; undefined when there are too many. */
export async function openAlert(work: AlertWork, opening: Opening): Promise<AlertRow | undefined> {
  const { subject, record } = opening;
  const key = subjectKey(subject);
  const seen = sightingOf(record, record.count);
  const open = work.openOf(key, record.check, record.instance);
  const known = open ?? (await endedLately(work, { key, record, isMuted: seen.isMuted }));
  if (known !== undefined) see(work, known, seen, true);
  else if (work.openWhere((alert) => subjectKey(alert) === key).length >= MAX_OPEN_PER_SUBJECT) return undefined;
  const opened = known ?? (await place(work, newAlert(work, opening)));
  if (known === undefined) holdLate(work, opened, record);
  if (record.check === DEVICE_DOWN) await absorbOutage(work, opened);
  return opened;
}

/** By the record's own time, not by when its condition began: that may be long before it was worth a word. */
function holdLate(work: AlertWork, { incident }: AlertRow, { at }: Observed): void {
  const made = work.incident(incident);
  const { lateMs, lateHoldMs } = work.rules;
  if (made?.state === 'triggered' && work.now - at > lateMs) made.dueAt = work.now + lateHoldMs;
}

interface Again {
  key: string;
  record: Observed;
  isMuted: boolean;
}

/** What ended behind a maintenance window and begins in the open is told as new. */
async function endedLately(work: AlertWork, { key, record, isMuted }: Again): Promise<AlertRow | undefined> {
  const name = { subject: key, check: record.check, instance: record.instance };
  const since = record.since - work.rules.reopenMs;
  const found = work.endedOf(key, record.check, record.instance, since) ?? (await lastResolved(work.tx, name, since));
  if (found === undefined) return undefined;
  if (found.isMuted !== isMuted) {
    if (found.isMuted) await replaced(work, found);
    return undefined;
  }
  const row = work.keep(found);
  await work.readIncidents([row.incident]);
  const incident = work.incident(row.incident);
  return incident === undefined || incident.mergedInto !== null || incident.state === 'archived' ? undefined : row;
}

/** It never ended, only its window did: nobody is told that it is over, a moment after it is told anew. */
async function replaced(work: AlertWork, former: AlertRow): Promise<void> {
  await work.readWhole([former.incident]);
  const incident = work.incident(former.incident);
  if (incident === undefined || !incident.isTold || work.openIn(incident.id).length > 0) return;
  incident.isTold = false;
  work.touchIncident(incident);
  tell(work, incident, 'merged');
}

function newAlert(work: AlertWork, { subject, record }: Opening): Omit<AlertRow, 'incident'> {
  return {
    ...subject,
    id: work.newAlertId(),
    check: record.check,
    instance: record.instance,
    type: wordsOf(work.book, record.check).type,
    state: 'active',
    severity: record.severity,
    detail: record.detail,
    value: record.value ?? null,
    limit: record.limit ?? null,
    unit: record.unit ?? null,
    openedAt: record.since,
    receivedAt: work.now,
    changedAt: work.now,
    ...{ resolvedAt: null, resolvedBy: null, evidence: null, isFailing: true },
    count: record.count,
    openings: [record.since],
    flappingSince: null,
    isMuted: record.muted !== undefined,
    because: record.because ?? null,
    toldAt: record.toldAt ?? null,
  };
}
