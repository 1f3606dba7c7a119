// Alerts and incidents as the rooms of the console hold them while they are changed.
import type { AlertId, DeviceId, FindingId, IncidentId, RelayId, SiteId } from '#shared/base/id.ts';
import type { AlertState, AlertType, Severity } from '#shared/model/alert-words.ts';
import type { EntryKind } from './stored-words.ts';

/** What it is about: a device, a relay, a site, or the console where all are null. */
export interface Subject {
  site: SiteId | null;
  relay: RelayId | null;
  device: DeviceId | null;
}

/** The same for all findings of one thing; with check and instance what one open alert there is of. */
export function subjectKey({ site, relay, device }: Subject): string {
  if (device !== null) return `device:${device}`;
  if (relay !== null) return `relay:${relay}`;
  return site === null ? 'console' : `site:${site}`;
}

export interface AlertRow extends Subject {
  id: AlertId;
  incident: IncidentId;
  check: string;
  instance: string;
  type: AlertType;
  state: AlertState;
  severity: Severity;
  detail: string;
  value: number | null;
  limit: number | null;
  unit: string | null;
  openedAt: number;
  receivedAt: number;
  changedAt: number;
  resolvedAt: number | null;
  resolvedBy: string | null;
  evidence: string | null;
  isFailing: boolean;
  count: number;
  /** The newest times at which it opened, oldest first. */
  openings: number[];
  flappingSince: number | null;
  isMuted: boolean;
  because: DeviceId | null;
  toldAt: number | null;
}

export interface IncidentRow extends Subject {
  id: IncidentId;
  cause: 'device' | 'relay' | 'site' | 'console';
  title: string;
  state: AlertState;
  severity: Severity;
  root: AlertId | null;
  openedAt: number;
  receivedAt: number;
  changedAt: number;
  resolvedAt: number | null;
  resolvedBy: string | null;
  isPast: boolean;
  isMuted: boolean;
  isTold: boolean;
  flappingSince: number | null;
  /** While it flaps: when people were told so, or since when they know of it otherwise. */
  flapToldAt: number | null;
  snoozedUntil: number | null;
  assignee: string | null;
  acknowledgedBy: string | null;
  acknowledgedAt: number | null;
  toldAt: number | null;
  dueAt: number | null;
  mergedInto: IncidentId | null;
}

export interface FindingRow {
  id: FindingId;
  alert: AlertId;
  relay: RelayId;
  step: number;
  /** As its newest record said. */
  count: number;
  isOpen: boolean;
  at: number;
}

export interface NewEntry {
  incident: IncidentId;
  alert: AlertId | null;
  at: number;
  receivedAt: number;
  kind: EntryKind;
  by: string | null;
  text: string;
}

export const isOpen = ({ resolvedAt }: { resolvedAt: number | null }): boolean => resolvedAt === null;
