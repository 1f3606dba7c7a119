// The fourteenth migration: what each person may do. Who stood before there were grants may do everything, as they could.
import type { Kysely, Migration } from 'kysely';
import { sql } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

// The grants go with the person; who gave one stays readable in the audit.
const TABLES = `
create table person_grant (
  id text not null primary key,
  person_id text not null references person (id) on delete cascade,
  effect text not null,
  role text,
  verbs text not null,
  over_kind text not null,
  over_id text,
  from_at {int},
  until_at {int},
  hours text,
  created_at {int} not null
);
create index person_grant_person on person_grant (person_id);
alter table person add column disabled_at {int};
`;

// Their ids are of the persons they are for: nobody has two such grants.
const OWNERS = `
insert into person_grant (id, person_id, effect, role, verbs, over_kind, over_id, from_at, until_at, hours, created_at)
select id, id, 'allow', 'owner', '[]', 'everything', null, null, null, null, created_at from person;
`;

// SQLite reads a list of ids from one parameter by json_each(text); PostgreSQL's own of that name reads an object.
const LIST = `create function json_each(list text) returns table (value text) language sql immutable strict
  as $$ select json_array_elements_text(list::json) $$`;

export const personGrants = (engine: Engine): Migration => ({
  up: async (db: Kysely<unknown>) => {
    await runStatements(db, engine, TABLES);
    await runStatements(db, engine, OWNERS);
    if (engine === 'postgres') await sql.raw(LIST).execute(db);
  },
});
