// The eleventh migration: parts of a batch that wait for its first relay, standing orders, and what relays ran of themselves.
import type { Kysely, Migration } from 'kysely';
import type { Engine } from '#console/store/engine.ts';
import { runStatements } from './statements.ts';

const CHANGES = `
alter table action add column waits_for text;
alter table action add column halt_percent {int};
alter table action add column origin text;
create index action_waits_for on action (waits_for) where waits_for is not null;
create table standing_order (
  id text not null primary key,
  site_id text not null references site (id) on delete cascade,
  relay_id text not null references relay (id) on delete cascade,
  signed text not null,
  signer text not null,
  created_by text not null,
  created_at {int} not null,
  expires_at {int} not null,
  state text not null,
  withdrawal text
);
create index standing_order_relay on standing_order (relay_id, state);
create index standing_order_site on standing_order (site_id);
`;

export const rolloutAndStanding = (engine: Engine): Migration => ({
  up: (db: Kysely<unknown>) => runStatements(db, engine, CHANGES),
});
