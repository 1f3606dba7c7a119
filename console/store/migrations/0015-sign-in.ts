// The fifteenth migration: what people sign in with, sessions that rotate and can be listed, tokens with limits.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

// Sessions last twelve hours: who has one signs in again, and nothing of the former form has to be carried over.
// The tokens that stand are those of the console's own machine; their ids are made of their hashes, as good as chance.
const CHANGES = `
drop table session;
create table session (
  id text primary key,
  hash text not null unique,
  former_hash text unique,
  person_id text not null references person (id) on delete cascade,
  created_at {int} not null,
  expires_at {int} not null,
  last_seen_at {int} not null,
  rotated_at {int} not null,
  confirmed_at {int},
  stepped_up_at {int},
  must_enrol {int} not null,
  via text not null,
  address text,
  agent text
);
create index session_person on session (person_id);
alter table sign_in_link add column kind text not null default 'local';
alter table api_token add column id text;
alter table api_token add column last_used_at {int};
alter table api_token add column last_used_from text;
alter table api_token add column limits text;
alter table api_token add column addresses text not null default '[]';
alter table api_token add column is_local {int} not null default 0;
alter table api_token add column stepped_up {int} not null default 0;
update api_token set is_local = 1, stepped_up = 1, id = substr(hash, 1, 8) || '-' || substr(hash, 9, 4) || '-7'
  || substr(hash, 13, 3) || '-8' || substr(hash, 16, 3) || '-' || substr(hash, 19, 12);
create unique index api_token_id on api_token (id);
create index api_token_person on api_token (person_id);
create table person_factor (
  person_id text primary key references person (id) on delete cascade,
  password_hash text,
  totp_sealed text,
  totp_last_step {int} not null default 0,
  totp_pending text,
  totp_pending_until {int}
);
create table person_passkey (
  id text primary key,
  person_id text not null references person (id) on delete cascade,
  name text not null,
  credential text not null unique,
  spki text not null,
  algorithm text not null,
  rp_id text not null,
  counter {int} not null,
  created_at {int} not null,
  last_used_at {int}
);
create index person_passkey_person on person_passkey (person_id);
create table recovery_code (
  hash text primary key,
  person_id text not null references person (id) on delete cascade,
  used_at {int}
);
create index recovery_code_person on recovery_code (person_id);
create table person_identity (
  issuer text not null,
  subject text not null,
  person_id text not null references person (id) on delete cascade,
  created_at {int} not null,
  grants text not null,
  primary key (issuer, subject)
);
create index person_identity_person on person_identity (person_id);
`;

export const signIn = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
