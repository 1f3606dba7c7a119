// The fifth migration: what happened lately is read by its time, over all devices.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const INDEXES = `
create index event_received on event (received_at, seq);
create index fact_history_at on fact_history (at);
create index action_outcome_at on action_outcome (at);
`;

export const recent = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, INDEXES),
});
