// The twenty-fourth migration: channels, who is told and when, and the log of what was told.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
create table notify_channel (
  id text primary key,
  kind text not null,
  name text not null unique,
  is_on {int} not null,
  settings text not null,
  secrets text,
  secret_names text not null,
  last_sent_at {int},
  last_failed_at {int},
  failures {int} not null,
  last_error text,
  created_at {int} not null
);
create table notify_entry (
  id text primary key,
  kind text not null,
  name text not null,
  place {int} not null,
  body text not null,
  created_at {int} not null
);
create unique index notify_entry_name on notify_entry (kind, name);
create table notification (
  id text primary key,
  at {int} not null,
  reason text not null,
  state text not null,
  incident_id text references incident (id) on delete set null,
  site_id text references site (id) on delete cascade,
  device_id text,
  severity text not null,
  title text not null,
  body text not null,
  channel_id text references notify_channel (id) on delete set null,
  channel_name text not null,
  channel_kind text not null,
  contact_id text,
  contact_name text not null,
  address text not null,
  recipient text not null,
  route_id text,
  attempts {int} not null,
  next_at {int},
  sent_at {int},
  error text,
  digest_id text,
  ack_hash text,
  ack_used_at {int}
);
create index notification_newest on notification (at, id);
create index notification_due on notification (next_at) where next_at is not null;
create index notification_incident on notification (incident_id, at, id);
create index notification_recipient on notification (recipient, sent_at);
create index notification_site on notification (site_id);
create index notification_channel on notification (channel_id);
create index notification_digest on notification (digest_id) where digest_id is not null;
create unique index notification_ack on notification (ack_hash) where ack_hash is not null;
create table notification_attempt (
  seq {serial},
  notification_id text not null references notification (id) on delete cascade,
  at {int} not null,
  is_ok {int} not null,
  detail text not null,
  took_ms {int} not null
);
create index notification_attempt_of on notification_attempt (notification_id, seq);
create table notify_verdict (
  seq {serial},
  incident_id text not null references incident (id) on delete cascade,
  at {int} not null,
  code text not null,
  text text not null,
  route_id text,
  contact_id text,
  notification_id text
);
create index notify_verdict_of on notify_verdict (incident_id, seq);
create table notify_case (
  incident_id text not null references incident (id) on delete cascade,
  route_id text not null,
  since {int} not null,
  tier {int} not null,
  repeat_at {int},
  tier_at {int},
  due_at {int},
  primary key (incident_id, route_id)
);
create index notify_case_due on notify_case (due_at) where due_at is not null;
create table notify_thread (
  channel_id text not null references notify_channel (id) on delete cascade,
  address text not null,
  incident_id text not null references incident (id) on delete cascade,
  thread text not null,
  primary key (channel_id, address, incident_id)
);
create index notify_thread_incident on notify_thread (incident_id);
`;

export const notify = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
