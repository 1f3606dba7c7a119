// The twelfth migration: sealed variables of sites, one signed text per name for all relays of the site. Ciphertext only.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const TABLES = `
create table sealed_variable (
  site_id text not null references site (id) on delete cascade,
  name text not null,
  version {int} not null,
  sealed text not null,
  signer text not null,
  stored_at {int} not null,
  primary key (site_id, name)
);
`;

export const sealedVariable = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, TABLES),
});
