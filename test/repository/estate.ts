// A small estate for repository suites: one store, one site, relays as needed, and everything a caller must bring.

import type { Caller } from '#console/access/can.ts';
import { can } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import { Audit } from '#console/audit/audit.ts';
import { type Link, type NewRelay, Relays } from '#console/sites/relays.ts';
import { Sites } from '#console/sites/sites.ts';
import type { Store } from '#console/store/database.ts';
import { newId, type RandomBytes, RelayId, type SiteId } from '#shared/base/id.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { ownerActor } from '#test/fixtures/person-actor.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { freshStore, type TestEngine } from './test-engine.ts';

const owner: Caller = {
  actor: ownerActor('p1', 'Ada', 'session'),
  address: '127.0.0.1',
};

function everything(): Scope {
  const permission = can(owner.actor, 'device.read');
  if (!permission.allowed) throw new Error('tests read everything');
  return permission.scope;
}

export const scope: Scope = everything();
export const caller: Caller = { ...owner, scope };

export interface Estate {
  store: Store;
  clock: FakeClock;
  random: RandomBytes;
  audit: Audit;
  sites: Sites;
  relays: Relays;
  revoked: RelayId[];
  siteId: SiteId;
  addRelay(kind?: 'site' | 'leaf', siteId?: SiteId): Promise<Link>;
  /** Verbs of the audit trail, oldest first. */
  verbs(): Promise<string[]>;
}

export function newRelay(random: RandomBytes, siteId: SiteId, kind: 'site' | 'leaf' = 'site'): NewRelay {
  const id = RelayId.parse(newId(1, random));
  return {
    id,
    siteId,
    kind,
    name: `relay-${id.slice(-4)}`,
    keyId: `key-${id}`,
    hostname: 'host',
    version: '0.1.0',
    certificateSerial: `serial-${id}`,
    certificateExpiresAt: 2_000_000_000_000,
  };
}

export async function makeEstate(engine: TestEngine): Promise<Estate> {
  const clock = new FakeClock();
  const random = seededBytes(7);
  const store = await freshStore(engine, clock);
  const audit = new Audit({ clock });
  const revoked: RelayId[] = [];
  const sites = new Sites({ store, audit, clock, random });
  const relays = new Relays({ store, audit, clock, onRevoked: (id) => revoked.push(id) });
  const { id: siteId } = await sites.create(caller, { name: 'Main' });
  return {
    store,
    clock,
    random,
    audit,
    sites,
    relays,
    revoked,
    siteId,
    addRelay: async (kind = 'site', at = siteId) => {
      const relay = newRelay(random, at, kind);
      await store.transaction((tx) => relays.enrol(tx, relay, { token: 't' }));
      return { relay: relay.id, site: at };
    },
    verbs: async () =>
      (await store.db.selectFrom('audit_log').select('verb').orderBy('seq').execute()).map((row) => row.verb),
  };
}
