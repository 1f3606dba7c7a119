// The sixteenth migration: audit rows name their site, and the chain gets checkpoints, the relays' counter-signatures and a way out to syslog.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
alter table audit_log add column v {int} not null default 1;
alter table audit_log add column site_id text;
create index audit_log_site on audit_log (site_id, seq) where site_id is not null;
create index audit_log_actor on audit_log (actor, seq);
create table audit_checkpoint (
  seq {int} primary key,
  hash text not null,
  at {int} not null,
  console text not null,
  key_id text not null,
  key text not null,
  signature text not null
);
create table audit_witness (
  relay_id text not null,
  seq {int} not null,
  hash text not null,
  at {int} not null,
  spki text not null,
  signature text not null,
  primary key (relay_id, seq)
);
create table syslog_cursor (
  target text primary key,
  seq {int} not null,
  checkpoint_seq {int} not null
);
`;

export const auditWitness = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
