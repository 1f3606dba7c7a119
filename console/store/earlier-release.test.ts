// Proves that the data of each earlier release opens in this build, whole and writable, with the schema of a new database.
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { listActions } from '#console/actions/action-repository.ts';
import { listOutcomes } from '#console/actions/outcome-repository.ts';
import { Audit } from '#console/audit/audit.ts';
import { verifyChain } from '#console/audit/verify-chain.ts';
import { Devices } from '#console/devices/devices.ts';
import { listDeviceEvents } from '#console/devices/event-repository.ts';
import { Inventory } from '#console/inventory/inventory.ts';
import { Relays } from '#console/sites/relays.ts';
import { Sites } from '#console/sites/sites.ts';
import { systemClock } from '#shared/base/clock.ts';
import { systemRandom } from '#shared/base/id.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { caller, scope } from '#test/repository/estate.ts';
import { freshStore, sqliteEngine } from '#test/repository/test-engine.ts';
import { openStore, type Store } from './database.ts';

const FIXTURES = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'test', 'fixtures');

async function openCopy(name: string): Promise<Store> {
  const file = path.join(tempFolder(onTestFinished), 'console.db');
  copyFileSync(path.join(FIXTURES, name), file);
  const store = await openStore({ engine: 'sqlite', file });
  onTestFinished(() => store.close());
  return store;
}

async function schemaOf(store: Store): Promise<string[]> {
  const rows = await sql<{ sql: string }>`
    select sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by type, name`.execute(
    store.db,
  );
  return rows.rows.map((row) => row.sql);
}

test('data-0001 opens with everything in it', async () => {
  const store = await openCopy('data-0001.sqlite');
  const deps = { store, audit: new Audit({ clock: systemClock }), clock: systemClock, random: systemRandom };
  const devices = new Devices({ ...deps, onRosterChanged: () => {} });
  expect((await new Sites(deps).list(scope)).map((site) => [site.customerName, site.name, site.devices])).toEqual([
    ['Acme', 'Main', 2],
  ]);
  const [relay] = await new Relays({ ...deps, onRevoked: () => {} }).list(scope);
  expect(relay).toMatchObject({ name: 'fra-1', kind: 'site', devices: 2, revokedAt: null });
  const { items } = await devices.list(scope, { limit: 10 });
  expect(items.map((device) => [device.name, device.status])).toEqual([
    ['db-1', 'unknown'],
    ['fra-1', 'up'],
  ]);
  const own = items.find((device) => device.name === 'fra-1');
  if (own === undefined) throw new Error('found above');
  expect((await devices.find(scope, own.id))?.identity).toEqual({ macs: ['0a:00:00:00:00:01'] });
  expect(await new Inventory(deps).current(scope, own.id)).toMatchObject([
    { kind: 'os', body: { name: 'Debian GNU/Linux 12' } },
  ]);
  expect(await listDeviceEvents(store.db, scope, own.id, 10)).toHaveLength(1);
  const [action] = (await listActions(store.db, scope, { limit: 10 })).items;
  if (action === undefined) throw new Error('the fixture has an action');
  expect(await listOutcomes(store.db, action.id, 1)).toMatchObject([{ state: 'succeeded', stdout: 'done\n' }]);
  expect(await devices.losses(scope)).toEqual({ lost: 60, gaps: 1, quarantined: 0 });
  const frame = await store.db.selectFrom('metric_frame').select('data').executeTakeFirstOrThrow();
  expect([...frame.data]).toEqual(Array.from({ length: 32 }, (_, i) => i * 8));
  // What is written now continues the chain that the earlier release began.
  await devices.remove(caller, scope, own.id);
  expect(await verifyChain(store.db)).toEqual({ ok: true, rows: 8, firstBadSeq: null });
});

test('migrated, it has the schema of a new database: a migration was not edited after its release', async () => {
  const old = await openCopy('data-0001.sqlite');
  expect(await schemaOf(old)).toEqual(await schemaOf(await freshStore(sqliteEngine)));
});
