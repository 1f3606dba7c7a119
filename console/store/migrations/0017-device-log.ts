// The seventeenth migration: the event logs of devices, the way each is reached, and what WinRM and SMB are told of a device.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
alter table device add column spn text;
alter table device add column realm text;
alter table device add column share text;
create table device_event (
  seq {serial},
  device_id text not null references device (id) on delete cascade,
  log text not null,
  entry {int} not null,
  at {int} not null,
  source text not null,
  code {int} not null,
  level text not null,
  message text not null,
  dropped {int},
  unique (device_id, log, entry, at)
);
create index device_event_at on device_event (device_id, at, seq);
create index device_event_level on device_event (device_id, level, at, seq);
create index device_event_log on device_event (device_id, log, at, seq);
create table device_way (
  device_id text primary key references device (id) on delete cascade,
  relay_id text not null,
  transport text not null,
  port {int},
  auth text not null,
  seal text not null,
  detail text,
  since {int} not null,
  told_at {int} not null
);
`;

export const deviceLog = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
