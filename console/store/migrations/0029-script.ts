// The twenty-ninth migration: the library of scripts, each with its versions as they were signed.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

/** `name` is that of the newest version. What was taken out keeps its rows: orders and the audit name them. */
const CHANGES = `
create table script (
  id text primary key not null,
  name text not null,
  latest {int} not null,
  created_at {int} not null,
  created_by text not null,
  removed_at {int}
);
create unique index script_name on script (name) where removed_at is null;
create table script_version (
  script_id text not null references script (id) on delete cascade,
  version {int} not null,
  hash text not null,
  body text not null,
  signatures text not null,
  signers text not null,
  origin text not null,
  created_at {int} not null,
  created_by text not null,
  primary key (script_id, version)
);
create index script_version_hash on script_version (hash);
`;

export const script = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
