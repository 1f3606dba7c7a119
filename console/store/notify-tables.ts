// The tables of who is told: channels, what is set up by hand, what was told and why, and what has still to be told again.
import type { ColumnType, Generated } from 'kysely';

/** An insert may leave it out: it is null then. */
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>;

interface ChannelTable {
  id: string;
  kind: string;
  name: string;
  is_on: 0 | 1;
  /** JSON: field by field. */
  settings: string;
  /** JSON in the secret box of the data folder; null where there is none. */
  secrets: Maybe<string>;
  /** JSON list: which are set. */
  secret_names: string;
  last_sent_at: Maybe<number>;
  last_failed_at: Maybe<number>;
  failures: number;
  last_error: Maybe<string>;
  created_at: number;
}

/** Contacts, routes, escalations and on-call schedules, each as its schema's JSON. */
interface EntryTable {
  id: string;
  /** 'contact', 'route', 'escalation' or 'on-call'. */
  kind: string;
  name: string;
  /** The order of routes; 0 for others. */
  place: number;
  body: string;
  created_at: number;
}

interface NotificationTable {
  id: string;
  at: number;
  reason: string;
  state: string;
  incident_id: Maybe<string>;
  site_id: Maybe<string>;
  device_id: Maybe<string>;
  severity: string;
  title: string;
  /** JSON: what the message says, from which each channel makes its own form. */
  body: string;
  channel_id: Maybe<string>;
  channel_name: string;
  channel_kind: string;
  contact_id: Maybe<string>;
  contact_name: string;
  address: string;
  /** Whom the flood guard counts: "<contact id> <channel id> <address>", the first only where it is a contact. */
  recipient: string;
  route_id: Maybe<string>;
  attempts: number;
  /** When it is due; null when it is over or part of a digest. */
  next_at: Maybe<number>;
  sent_at: Maybe<number>;
  error: Maybe<string>;
  digest_id: Maybe<string>;
  /** SHA-256 of its one-time link. */
  ack_hash: Maybe<string>;
  ack_used_at: Maybe<number>;
}

interface AttemptTable {
  seq: Generated<number>;
  notification_id: string;
  at: number;
  is_ok: 0 | 1;
  detail: string;
  took_ms: number;
}

interface VerdictTable {
  seq: Generated<number>;
  incident_id: string;
  at: number;
  code: string;
  text: string;
  route_id: Maybe<string>;
  contact_id: Maybe<string>;
  notification_id: Maybe<string>;
}

/** An open incident that a route told of: when it is told again, and how far it has climbed. */
interface CaseTable {
  incident_id: string;
  route_id: string;
  since: number;
  /** The next tier of the escalation. */
  tier: number;
  repeat_at: Maybe<number>;
  tier_at: Maybe<number>;
  /** The earlier of both. */
  due_at: Maybe<number>;
}

/** What a channel called the first message of an incident, so that the next ones stand below it. */
interface ThreadTable {
  channel_id: string;
  address: string;
  incident_id: string;
  thread: string;
}

export interface NotifyTables {
  notify_channel: ChannelTable;
  notify_entry: EntryTable;
  notification: NotificationTable;
  notification_attempt: AttemptTable;
  notify_verdict: VerdictTable;
  notify_case: CaseTable;
  notify_thread: ThreadTable;
}
