// The twenty-fifth migration: what people say of watching, the documents they signed of it, and what each device hangs on.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
alter table device add column parent_id text references device (id) on delete set null;
alter table device add column parent_by text;
create index device_parent on device (parent_id) where parent_id is not null;
create table watch_part (
  id text not null primary key,
  kind text not null,
  customer_id text references customer (id) on delete cascade,
  body text not null,
  changed_at {int} not null,
  changed_by text not null,
  removed_at {int}
);
create index watch_part_customer on watch_part (customer_id);
create table watch_place (
  layer_id text not null references watch_part (id) on delete cascade,
  place_id text not null,
  primary key (layer_id, place_id)
);
create table watch_document (
  version {int} not null primary key,
  text text not null,
  signatures text not null,
  state text not null,
  created_by text not null,
  created_at {int} not null
);
create table watch_site (
  site_id text not null references site (id) on delete cascade,
  version {int} not null references watch_document (version) on delete cascade,
  primary key (site_id, version)
);
create index watch_site_version on watch_site (version);
`;

export const watchPolicy = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
