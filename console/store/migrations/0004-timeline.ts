// The fourth migration: what happened to one device is read by its time, newest first, from three tables.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const INDEXES = `
create index event_device_at on event (device_id, at, seq);
create index fact_history_device_at on fact_history (device_id, at, kind);
create index audit_log_resource on audit_log (resource, at, seq);
`;

export const timeline = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, INDEXES),
});
