// The second migration: what people write down about customers, sites and devices; tags, groups, saved views, idempotent requests.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

// `device.type` is set by a person; null means "as its facts say". `links` and `defaults` are JSON.
const COLUMNS = `
alter table customer add column notes text not null default '';
alter table site add column address text not null default '';
alter table site add column contact_name text not null default '';
alter table site add column contact_email text not null default '';
alter table site add column contact_phone text not null default '';
alter table site add column notes text not null default '';
alter table site add column defaults text not null default '{}';
alter table device add column type text;
alter table device add column notes text not null default '';
alter table device add column links text not null default '[]';
alter table enrolment_token add column replaces_relay_id text references relay (id);
`;

const TABLES = `
create table device_tag (
  device_id text not null references device (id) on delete cascade,
  tag text not null,
  primary key (device_id, tag)
);
create index device_tag_tag on device_tag (tag, device_id);
create table device_group (
  id text primary key,
  name text not null unique,
  description text not null,
  kind text not null,
  rule text,
  parent_id text references device_group (id),
  is_shipped {int} not null,
  created_at {int} not null
);
create table device_group_member (
  group_id text not null references device_group (id) on delete cascade,
  device_id text not null references device (id) on delete cascade,
  primary key (group_id, device_id)
);
create index device_group_member_device on device_group_member (device_id);
create table saved_view (
  id text primary key,
  person_id text not null references person (id) on delete cascade,
  page text not null,
  name text not null,
  search text not null,
  is_shared {int} not null,
  created_at {int} not null,
  unique (person_id, page, name)
);
create table idempotent_request (
  actor text not null,
  idempotency_key text not null,
  fingerprint text not null,
  status {int},
  body text,
  created_at {int} not null,
  primary key (actor, idempotency_key)
);
create index idempotent_request_created on idempotent_request (created_at);
`;

export const estate = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, COLUMNS + TABLES),
});
