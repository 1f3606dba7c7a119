// The thirteenth migration: what a relay ran under one standing order is found without reading all actions.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
create index action_origin on action (origin, created_at) where origin is not null;
`;

export const actionOrigin = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
