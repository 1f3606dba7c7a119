// The tenth migration: a thaw that waits for the signatures of more people, one per site.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const TABLES = `
create table site_thaw (
  site_id text not null primary key references site (id) on delete cascade,
  signed text not null,
  created_at {int} not null
);
`;

export const siteThaw = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, TABLES),
});
