// The nineteenth migration: runs of the console's own jobs, how long metrics of single customers are kept, and damaged days.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
create table job_run (
  id text primary key,
  job text not null,
  started_at {int} not null,
  ended_at {int},
  state text not null,
  detail text not null
);
create index job_run_newest on job_run (job, started_at);
create index job_run_started on job_run (started_at);
create unique index job_run_one on job_run (job) where state = 'running';
create table customer_retention (
  customer_id text primary key references customer (id) on delete cascade,
  raw_days {int},
  archive_days {int},
  changed_at {int} not null
);
create table damaged_day (
  tier text not null,
  day {int} not null,
  at {int} not null,
  primary key (tier, day)
);
`;

export const maintenance = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
