// The tables of findings, alerts, incidents, what happened in them, and what notify has still to be told.
import type { ColumnType, Generated } from 'kysely';

/** Text or number that an insert may leave out: it is null then. */
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;

/** One per finding of a relay: how far it was taken, so that a record that comes again changes nothing. */
interface FindingTable {
  id: string;
  alert_id: string;
  relay_id: string;
  /** The highest that was taken. */
  step: number;
  /** As its newest record said. */
  count: number;
  is_open: 0 | 1;
  at: number;
}

interface AlertTable {
  id: string;
  incident_id: string;
  site_id: Maybe<string>;
  relay_id: Maybe<string>;
  device_id: Maybe<string>;
  /** "device:<id>", "relay:<id>", "site:<id>" or "console": with check and instance what one open alert there is of. */
  subject: string;
  check_id: string;
  instance: string;
  type: string;
  state: string;
  severity: string;
  detail: string;
  value: Maybe<number>;
  limit_value: Maybe<number>;
  unit: Maybe<string>;
  opened_at: number;
  received_at: number;
  changed_at: number;
  resolved_at: Maybe<number>;
  resolved_by: Maybe<string>;
  evidence: Maybe<string>;
  /** Whether the condition holds, whatever people said of the alert. */
  is_failing: 0 | 1;
  count: number;
  /** JSON: the newest times at which it opened. */
  openings: string;
  flapping_since: Maybe<number>;
  is_muted: 0 | 1;
  because_id: Maybe<string>;
  told_at: Maybe<number>;
}

interface IncidentTable {
  id: string;
  site_id: Maybe<string>;
  relay_id: Maybe<string>;
  device_id: Maybe<string>;
  cause: string;
  title: string;
  state: string;
  severity: string;
  /** 0 is the worst: for the board's order and bounds. */
  severity_rank: number;
  root_alert_id: Maybe<string>;
  opened_at: number;
  received_at: number;
  changed_at: number;
  resolved_at: Maybe<number>;
  resolved_by: Maybe<string>;
  is_past: 0 | 1;
  is_muted: 0 | 1;
  /** People were told that it opened, or are to be: what follows is news. */
  is_told: 0 | 1;
  flapping_since: Maybe<number>;
  flap_told_at: Maybe<number>;
  snoozed_until: Maybe<number>;
  assignee_id: Maybe<string>;
  acknowledged_by: Maybe<string>;
  acknowledged_at: Maybe<number>;
  told_at: Maybe<number>;
  /** When the clock has to look at it again. */
  due_at: Maybe<number>;
  /** It turned out to be a part of that one. */
  merged_into: Maybe<string>;
}

/** The timeline of an incident. */
interface IncidentEntryTable {
  seq: Generated<number>;
  incident_id: string;
  alert_id: Maybe<string>;
  at: number;
  received_at: number;
  kind: string;
  /** As audit rows name an actor; null: by itself. */
  actor: Maybe<string>;
  text: string;
}

/** What changed, once, in the transaction that changed it; notify takes each row at least once and marks it. */
interface AlertChangeTable {
  seq: Generated<number>;
  incident_id: string;
  alert_id: Maybe<string>;
  kind: string;
  severity: string;
  /** True time of what happened, and when the row was made. */
  at: number;
  made_at: number;
  /** The site's relay has told its on-call this already. */
  told_at: Maybe<number>;
  taken_at: Maybe<number>;
}

export interface AlertTables {
  finding: FindingTable;
  alert: AlertTable;
  incident: IncidentTable;
  incident_entry: IncidentEntryTable;
  alert_change: AlertChangeTable;
}
