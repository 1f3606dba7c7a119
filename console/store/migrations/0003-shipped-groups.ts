// The third migration: remembers that the groups which come with the product were made.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const COLUMNS = `
alter table instance add column groups_shipped_at {int};
`;

export const shippedGroups = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, COLUMNS),
});
