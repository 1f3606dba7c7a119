// The seventh migration: the newest freeze and the newest thaw of each site, as they were signed.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const TABLES = `
create table site_brake (
  site_id text not null references site (id) on delete cascade,
  kind text not null,
  id text not null,
  at {int} not null,
  signed text not null,
  created_at {int} not null,
  primary key (site_id, kind)
);
`;

export const siteBrake = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, TABLES),
});
