// The twenty-seventh migration: when people were told last that an incident flaps, and verdicts that can be forgotten by their age.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
alter table incident add column flap_told_at {int};
create index notify_verdict_at on notify_verdict (at);
`;

export const flapTold = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
