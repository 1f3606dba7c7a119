// The eighth migration: sealed credentials on their way to relays, and what each relay told of its vault. Ciphertext only.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const TABLES = `
create table sealed_credential (
  relay_id text not null references relay (id) on delete cascade,
  name text not null,
  slot text not null,
  site_id text not null references site (id) on delete cascade,
  version {int} not null,
  sealed text not null,
  signer text not null,
  stored_at {int} not null,
  primary key (relay_id, name, slot)
);
create index sealed_credential_site on sealed_credential (site_id);
create table relay_vault (
  relay_id text not null primary key references relay (id) on delete cascade,
  told text not null,
  told_at {int} not null
);
`;

export const sealedCredential = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, TABLES),
});
