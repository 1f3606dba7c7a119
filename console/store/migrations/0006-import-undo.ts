// The sixth migration: what it takes to undo an import that was not finished.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

// One row per transaction of a running import; none is left when it has ended, whichever way.
const TABLES = `
create table import_undo (
  import_id text not null,
  seq {int} not null,
  body text not null,
  primary key (import_id, seq)
);
`;

export const importUndo = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, TABLES),
});
