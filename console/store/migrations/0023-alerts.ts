// The twenty-third migration: findings of relays, the alerts they are, the incidents these make up, and what people are to be told.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
create table incident (
  id text primary key,
  site_id text references site (id) on delete cascade,
  relay_id text references relay (id) on delete set null,
  device_id text references device (id) on delete set null,
  cause text not null,
  title text not null,
  state text not null,
  severity text not null,
  severity_rank {int} not null,
  root_alert_id text,
  opened_at {int} not null,
  received_at {int} not null,
  changed_at {int} not null,
  resolved_at {int},
  resolved_by text,
  is_past {int} not null,
  is_muted {int} not null,
  is_told {int} not null,
  flapping_since {int},
  snoozed_until {int},
  assignee_id text,
  acknowledged_by text,
  acknowledged_at {int},
  told_at {int},
  due_at {int},
  merged_into text
);
create index incident_newest on incident (opened_at, id);
create index incident_state on incident (state, opened_at, id);
create index incident_site on incident (site_id, opened_at, id);
create index incident_device on incident (device_id, opened_at, id);
create index incident_relay on incident (relay_id);
create index incident_due on incident (due_at) where due_at is not null;
create table alert (
  id text primary key,
  incident_id text not null references incident (id) on delete cascade,
  site_id text references site (id) on delete cascade,
  relay_id text references relay (id) on delete cascade,
  device_id text references device (id) on delete cascade,
  subject text not null,
  check_id text not null,
  instance text not null,
  type text not null,
  state text not null,
  severity text not null,
  detail text not null,
  value {real},
  limit_value {real},
  unit text,
  opened_at {int} not null,
  received_at {int} not null,
  changed_at {int} not null,
  resolved_at {int},
  resolved_by text,
  evidence text,
  is_failing {int} not null,
  count {int} not null,
  openings text not null,
  flapping_since {int},
  is_muted {int} not null,
  because_id text,
  told_at {int}
);
create unique index alert_open on alert (subject, check_id, instance) where resolved_at is null;
create index alert_newest on alert (opened_at, id);
create index alert_state on alert (state, opened_at, id);
create index alert_site on alert (site_id, opened_at, id);
create index alert_device on alert (device_id, opened_at, id) where device_id is not null;
create index alert_relay on alert (relay_id);
create index alert_incident on alert (incident_id, resolved_at);
create index alert_subject on alert (subject, check_id, instance, resolved_at);
create index alert_own on alert (opened_at) where device_id is null and resolved_at is null;
create index alert_because on alert (because_id) where because_id is not null and resolved_at is null;
create table finding (
  id text primary key,
  alert_id text not null references alert (id) on delete cascade,
  relay_id text not null,
  step {int} not null,
  count {int} not null,
  is_open {int} not null,
  at {int} not null
);
create index finding_alert on finding (alert_id);
create table incident_entry (
  seq {serial},
  incident_id text not null references incident (id) on delete cascade,
  alert_id text,
  at {int} not null,
  received_at {int} not null,
  kind text not null,
  actor text,
  text text not null
);
create index incident_entry_of on incident_entry (incident_id, at, seq);
create table alert_change (
  seq {serial},
  incident_id text not null references incident (id) on delete cascade,
  alert_id text,
  kind text not null,
  severity text not null,
  at {int} not null,
  made_at {int} not null,
  told_at {int},
  taken_at {int}
);
create index alert_change_waiting on alert_change (seq) where taken_at is null;
create index alert_change_incident on alert_change (incident_id);
`;

export const alerts = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
