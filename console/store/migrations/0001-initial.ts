// The first migration: every table of the control plane, one text for both engines.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const ESTATE = `
create table instance (
  id {int} primary key check (id = 1),
  incarnation text not null,
  created_at {int} not null
);
create table customer (
  id text primary key,
  name text not null unique,
  created_at {int} not null
);
create table site (
  id text primary key,
  customer_id text not null references customer (id),
  name text not null,
  time_zone text not null,
  is_simulated {int} not null,
  created_at {int} not null,
  unique (customer_id, name)
);
create table relay (
  id text primary key,
  site_id text not null references site (id),
  name text not null,
  kind text not null,
  key_id text not null unique,
  hostname text not null,
  version text not null,
  enrolled_at {int} not null,
  certificate_serial text not null unique,
  certificate_expires_at {int} not null,
  revoked_at {int},
  last_seen_at {int},
  clock_skew_ms {int},
  roster_version {int} not null,
  held_roster_version {int} not null,
  held_charter_version {int} not null,
  epoch text
);
create index relay_site on relay (site_id);
create table enrolment_token (
  id text primary key,
  hash text not null unique,
  site_id text not null references site (id),
  kind text not null,
  uses {int} not null,
  uses_left {int} not null check (uses_left >= 0),
  expires_at {int} not null,
  created_at {int} not null,
  created_by text not null
);
create index enrolment_token_site on enrolment_token (site_id);
create table charter (
  site_id text not null references site (id),
  version {int} not null,
  signed text not null,
  created_at {int} not null,
  primary key (site_id, version)
);
`;

const DEVICES = `
create table device (
  id text primary key,
  site_id text not null references site (id),
  relay_id text references relay (id),
  name text not null,
  transport text not null,
  address text not null,
  port {int},
  credential text,
  interval_ms {int} not null,
  is_simulated {int} not null,
  status text not null,
  status_reason text,
  status_detail text,
  status_at {int},
  system text not null,
  hostname text,
  identity text,
  seen_identity text,
  created_at {int} not null
);
create index device_relay on device (relay_id, id);
create index device_name on device (name, id);
create index device_site_name on device (site_id, name, id);
create index device_status on device (status, site_id);
create table device_identifier (
  device_id text not null references device (id) on delete cascade,
  kind text not null,
  value text not null,
  primary key (device_id, kind, value)
);
create index device_identifier_value on device_identifier (kind, value);
create table fact_body (
  hash text primary key,
  body text not null
);
create table fact (
  device_id text not null references device (id) on delete cascade,
  kind text not null,
  hash text not null,
  first_seen_at {int} not null,
  seen_at {int} not null,
  relay_id text not null,
  primary key (device_id, kind)
);
create index fact_hash on fact (hash);
create table fact_history (
  device_id text not null references device (id) on delete cascade,
  kind text not null,
  at {int} not null,
  hash text not null,
  primary key (device_id, kind, at)
);
create index fact_history_hash on fact_history (hash);
create table event (
  seq {serial},
  site_id text not null,
  relay_id text not null,
  device_id text,
  at {int} not null,
  received_at {int} not null,
  type text not null,
  severity text not null,
  code text,
  detail text not null
);
create index event_device on event (device_id, seq);
create index event_relay on event (relay_id, seq);
`;

const STREAM = `
create table watermark (
  relay_id text not null,
  epoch text not null,
  lane {int} not null,
  received {int} not null,
  durable {int} not null,
  primary key (relay_id, epoch, lane)
);
create table gap (
  relay_id text not null,
  epoch text not null,
  lane {int} not null,
  from_seq {int} not null,
  to_seq {int} not null,
  n {int} not null,
  reason text not null,
  at {int} not null,
  primary key (relay_id, epoch, lane, from_seq)
);
create table quarantine (
  relay_id text not null,
  epoch text not null,
  lane {int} not null,
  seq {int} not null,
  at {int} not null,
  code text not null,
  message text not null,
  data {blob} not null,
  primary key (relay_id, epoch, lane, seq)
);
create table metric_frame (
  relay_id text not null,
  epoch text not null,
  hour {int} not null,
  lane {int} not null,
  seq {int} not null,
  site_id text not null,
  samples {int} not null,
  data {blob} not null,
  primary key (relay_id, epoch, lane, seq)
);
create index metric_frame_relay_hour on metric_frame (relay_id, hour, epoch, lane, seq);
create index metric_frame_hour on metric_frame (hour);
`;

const ACTIONS = `
create table action (
  id text primary key,
  site_id text not null,
  relay_id text not null,
  name text not null,
  manifest text not null,
  signed text not null,
  signer text not null,
  reason text not null,
  created_by text not null,
  created_at {int} not null,
  expires_at {int} not null,
  state text not null,
  targets {int} not null,
  cancel_asked_at {int}
);
create index action_created on action (created_at, id);
create index action_relay_state on action (relay_id, state, id);
create index action_state_expiry on action (state, expires_at);
create table action_outcome (
  action_id text not null references action (id) on delete cascade,
  device_id text not null,
  state text not null,
  at {int} not null,
  started_at {int},
  finished_at {int},
  exit_code {int},
  signal text,
  reason text,
  detail text,
  is_truncated {int} not null,
  stdout {blob},
  stderr {blob},
  primary key (action_id, device_id)
);
create index action_outcome_device on action_outcome (device_id, action_id);
`;

const PEOPLE = `
create table person (
  id text primary key,
  name text not null unique,
  created_at {int} not null
);
create table sign_in_link (
  hash text primary key,
  person_id text not null references person (id) on delete cascade,
  expires_at {int} not null,
  used_at {int}
);
create table session (
  hash text primary key,
  person_id text not null references person (id) on delete cascade,
  created_at {int} not null,
  expires_at {int} not null
);
create table api_token (
  hash text primary key,
  person_id text not null references person (id) on delete cascade,
  name text not null,
  created_at {int} not null,
  expires_at {int}
);
create table audit_log (
  seq {int} primary key,
  at {int} not null,
  actor text not null,
  verb text not null,
  resource text not null,
  outcome text not null,
  address text,
  detail text not null,
  prev text not null,
  hash text not null
);
create table audit_head (
  id {int} primary key check (id = 1),
  seq {int} not null,
  hash text not null
);
insert into audit_head (id, seq, hash) values (1, 0, '${'0'.repeat(64)}');
`;

export const initial = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, [ESTATE, DEVICES, STREAM, ACTIONS, PEOPLE].join('')),
});
