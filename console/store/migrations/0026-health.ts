// The twenty-sixth migration: how well sites were by the hour, and devices by the day.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
create table site_health (
  site_id text not null references site (id) on delete cascade,
  hour {int} not null,
  devices {int} not null,
  availability {int} not null,
  performance {int} not null,
  security {int} not null,
  compliance {int} not null,
  confidence {int} not null,
  primary key (site_id, hour)
);
create index site_health_hour on site_health (hour);
create table device_health (
  device_id text not null references device (id) on delete cascade,
  day {int} not null,
  availability {int} not null,
  performance {int} not null,
  security {int} not null,
  compliance {int} not null,
  confidence {int} not null,
  primary key (device_id, day)
);
create index device_health_day on device_health (day);
`;

export const health = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
