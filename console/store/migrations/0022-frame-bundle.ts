// The twenty-second migration: a frame may be a bundle of several batches, and says how many numbers it covers.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
alter table metric_frame add column batches {int} not null default 1;
`;

export const frameBundle = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
