// The twenty-first migration: which sealed hours each mirror has still to be told.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
create table mirror_hour (
  target text not null,
  site_id text not null references site (id) on delete cascade,
  hour {int} not null,
  round {int} not null,
  primary key (target, hour, site_id)
);
create unique index mirror_hour_site on mirror_hour (site_id, target, hour);
`;

export const mirrorHour = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
