// The twenty-eighth migration: the tries of an order on devices that did not begin it.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
create table action_attempt (
  action_id text not null,
  device_id text not null,
  n {int} not null,
  at {int} not null,
  class text not null,
  reason text,
  detail text,
  next_at {int},
  primary key (action_id, device_id, n),
  foreign key (action_id, device_id) references action_outcome (action_id, device_id) on delete cascade
);
`;

export const actionAttempt = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
