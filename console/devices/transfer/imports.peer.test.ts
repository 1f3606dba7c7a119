// Proves an import from the file to the database and back: planned, shown, applied whole or not at all, and exported as it was.
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { Devices } from '#console/devices/devices.ts';
import { readRoster } from '#console/devices/roster-repository.ts';
import { DeviceId, type RelayId, type SiteId } from '#shared/base/id.ts';
import type { FileFormat, ImportState } from '#shared/contract/import-contract.ts';
import { ownerActor } from '#test/fixtures/person-actor.ts';
import { caller, type Estate, makeEstate, scope } from '#test/repository/estate.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { exportDevices, exportSites } from './exports.ts';
import { Imports } from './imports.ts';

interface Kit extends Estate {
  imports: Imports;
  devices: Devices;
  told: { devices: DeviceId[]; relays: RelayId[]; sites: SiteId[] };
  plan: (
    text: string,
    more?: { siteId?: SiteId; kind?: 'devices' | 'sites'; format?: FileFormat },
  ) => Promise<ImportState>;
  apply: (state: ImportState) => Promise<ImportState>;
  file: (format: FileFormat, kind?: 'devices' | 'sites') => Promise<Buffer>;
}

async function kit(): Promise<Kit> {
  const estate = await makeEstate(sqliteEngine);
  const told: Kit['told'] = { devices: [], relays: [], sites: [] };
  const imports = new Imports({
    ...estate,
    outlets: {
      onDevicesChanged: (ids) => told.devices.push(...ids),
      onRosterChanged: (relay) => told.relays.push(relay),
      onSitesMade: async (sites) => void told.sites.push(...sites),
    },
  });
  const plan: Kit['plan'] = (text, { kind = 'devices', format = 'csv', siteId } = {}) =>
    imports.plan(caller, scope, { kind, format, bytes: Buffer.from(text), siteId });
  const apply: Kit['apply'] = async ({ id }) => {
    imports.apply(caller, scope, id);
    await expect.poll(() => imports.show(caller, id).state).not.toBe('applying');
    return imports.show(caller, id);
  };
  const file: Kit['file'] = async (format, kind = 'devices') => {
    const made = kind === 'devices' ? exportDevices(estate, scope, { format }) : exportSites(estate, scope, format);
    return Buffer.from(await (await made).arrayBuffer());
  };
  const devices = new Devices({ ...estate, onRosterChanged: () => undefined });
  return { ...estate, imports, devices, told, plan, apply, file };
}

const faults = ({ faults: all }: ImportState) => all.map(({ row, column, message }) => `${row} ${column}: ${message}`);

test('rows become devices with all that they say; what they do not say is as the site says; the act is one row of the trail', async () => {
  const { plan, apply, addRelay, store, told, verbs, siteId, sites } = await kit();
  const { relay } = await addRelay();
  await sites.update(caller, scope, siteId, { defaults: { port: 2222, credential: 'lab', tags: ['lab'] } });
  const text = [
    'Name;Site;Address;Port;Tags;Notes;Links;Interval;Type',
    'db-1;Main;10.0.0.1;22;sql; prod;"two\nlines";Wiki | https://wiki.example/a;30;server',
    'db-2;Main;10.0.0.2;;;;;;',
    ';;;;;;;;',
  ];
  const planned = await plan(text.join('\r\n'));
  expect(planned).toMatchObject({ state: 'faulty' });
  expect(faults(planned)).toEqual([expect.stringContaining('cells')]);
  text[1] = 'db-1;Main;10.0.0.1;22;"sql; prod";"two\nlines";Wiki | https://wiki.example/a;30;server';
  const good = await plan(text.join('\r\n'));
  expect(good).toMatchObject({ state: 'planned', rows: 2, creates: 2, updates: 0, newSites: [], faultCount: 0 });
  expect(await apply(good)).toMatchObject({ state: 'done', done: 2 });
  const rows = await store.db.selectFrom('device').selectAll().orderBy('name').execute();
  expect(rows[0]).toMatchObject({
    relay_id: relay,
    port: 22,
    credential: 'lab',
    interval_ms: 30_000,
    type: 'server',
    notes: 'two\nlines',
  });
  expect(JSON.parse(rows[0]?.links ?? '')).toEqual([{ label: 'Wiki', url: 'https://wiki.example/a' }]);
  expect(rows[1]).toMatchObject({ port: 2222, credential: 'lab', interval_ms: 60_000, type: null });
  const tags = await store.db.selectFrom('device_tag').select('tag').orderBy('tag').execute();
  expect(tags.map((row) => row.tag)).toEqual(['lab', 'prod', 'sql']);
  expect(told.devices).toHaveLength(2);
  expect(told.relays).toEqual([relay]);
  expect((await verbs()).filter((verb) => verb === 'device.import')).toHaveLength(1);
});

test('each format exported is the same when it is imported, and byte for byte the same from an empty console', async () => {
  const first = await kit();
  const text = [
    'name,customer,site,address,port,credential,interval,tags,notes,links,transport,spn,realm,share',
    'a,Acme,Berlin,10.0.0.1,22,lab,5.5,"x; y","=1+1 ""q""","a \\| b | https://e.example/?a\\;b",winrm,HTTP/a.acme.test,ACME.TEST,',
    '=2+2,Acme,Köln,007,,,60,,"two\nlines",,smb,,,rmm queue$',
    '"💥 \'x",Zeta,Berlin,fe80::1,,,,,_x0041_,,,,,',
  ].join('\n');
  expect(await first.apply(await first.plan(text))).toMatchObject({ state: 'done' });
  expect(first.told.sites).toHaveLength(3);
  const reached = await first.store.db.selectFrom('device').select(['name', 'spn', 'realm', 'share']).execute();
  expect(reached).toContainEqual({ name: 'a', spn: 'HTTP/a.acme.test', realm: 'ACME.TEST', share: null });
  expect(reached).toContainEqual({ name: '=2+2', spn: null, realm: null, share: 'rmm queue$' });
  for (const format of ['csv', 'json', 'xlsx'] as const) {
    const file = await first.file(format);
    const again = await first.imports.plan(caller, scope, { kind: 'devices', format, bytes: file });
    expect([format, again.state, again.rows, again.same, faults(again), again.items]).toEqual([
      format,
      'planned',
      3,
      3,
      [],
      [],
    ]);
    const second = await kit();
    const sites = await second.imports.plan(caller, scope, {
      kind: 'sites',
      format,
      bytes: await first.file(format, 'sites'),
    });
    expect([format, faults(sites)]).toEqual([format, []]);
    await second.apply(sites);
    await second.apply(await second.imports.plan(caller, scope, { kind: 'devices', format, bytes: file }));
    const others = await second.file(format);
    if (format !== 'xlsx') expect(others.toString()).toBe(file.toString());
    else expect((await second.imports.plan(caller, scope, { kind: 'devices', format, bytes: file })).same).toBe(3);
    expect((await second.file('csv', 'sites')).toString()).toBe((await first.file('csv', 'sites')).toString());
  }
});

test('every fault is told with its row and column, and nothing is changed', async () => {
  const { plan, addRelay, store, imports, siteId, sites } = await kit();
  await addRelay();
  await addRelay();
  await sites.create(caller, { name: 'Twice', customerName: 'A' });
  await sites.create(caller, { name: 'Twice', customerName: 'B' });
  const planned = await plan(
    [
      'name,site,relay,address,port,credential,interval,type,tags,groups,links,transport,id',
      ',Main,,a,,,,,,,,,',
      'b,Main,,,,,,,,,,,',
      'c,Main,nobody,a,,,,,,,,,',
      'd,Main,,a,,,,,,,,,',
      'e,New,,a,70000,,,,,,,,',
      'f,New,,a,,Bad Name,,,,,,,',
      'g,New,,a,,,2,,,,,,',
      'h,New,,a,,,,toaster,,,,,',
      'i,New,,a,,,,,!!,,,,',
      'j,New,,a,,,,,,nobody,,,',
      'k,New,,a,,,,,,,javascript:alert(1),,',
      'l,New,,a,,,,,,,,telnet,',
      'm,Twice,,a,,,,,,,,,',
      'n,New,,a,,,,,,,,,',
      'n,New,,a,,,,,,,,,',
      'o,,,a,,,,,,,,,',
      'p\u0007,New,,a,,,,,,,,,',
      'q,New,,a,,,,,,,,,01890000-0000-7000-8000-000000000099',
      `r,New,,${'x'.repeat(300)},,,,,,,,,`,
    ].join('\n'),
  );
  expect(planned).toMatchObject({ state: 'faulty', rows: 19, faultCount: 18 });
  expect(planned.faults.map(({ row, column }) => `${row} ${column}`)).toEqual([
    '2 name',
    '3 address',
    '4 relay',
    '5 relay',
    '6 port',
    '7 credential',
    '8 interval',
    '9 type',
    '10 tags',
    '11 groups',
    '12 links',
    '13 transport',
    '14 customer',
    '16 null',
    '17 site',
    '18 name',
    '19 id',
    '20 address',
  ]);
  expect(() => imports.apply(caller, scope, planned.id)).toThrow('faults');
  expect(await store.db.selectFrom('device').select('id').execute()).toEqual([]);
  expect(faults(await plan('name,sité\na,b'))).toEqual(['1 sité: no column has this heading; did you mean "site"?']);
  expect(faults(await plan('a,b\n'))).toEqual([expect.stringContaining('1 a: no column has this heading')]);
  expect(faults(await plan('name,site,site\n'))).toEqual(['1 site: this column stands there twice']);
  expect(faults(await plan('name,address\nx,y', { siteId }))).toEqual([expect.stringContaining('2 relays')]);
  expect(faults(await plan('x', { format: 'xlsx' }))).toEqual(['1 null: this is no XLSX file']);
});

test('an id or a name at its site makes a row an update that tells each field, and an empty cell empties it', async () => {
  const { plan, apply, addRelay, devices, siteId } = await kit();
  const { relay } = await addRelay();
  const one = await devices.create(caller, scope, {
    relayId: relay,
    name: 'one',
    address: '10.0.0.1',
    port: 22,
    tags: ['old'],
    notes: 'n',
  });
  const planned = await plan(`id,name,address,port,tags\n${one.id},uno,10.0.0.1,,"new; old"\n`);
  expect(planned).toMatchObject({ state: 'planned', updates: 1, creates: 0 });
  expect(planned.items[0]?.fields).toEqual([
    { field: 'name', from: 'one', to: 'uno' },
    { field: 'port', from: '22', to: null },
    { field: 'tags', from: 'old', to: 'new; old' },
  ]);
  await apply(planned);
  expect(await devices.find(scope, one.id)).toMatchObject({
    name: 'uno',
    port: null,
    tags: ['new', 'old'],
    notes: 'n',
  });
  const within = await plan('name,notes\nuno,changed\n', { siteId });
  expect(within).toMatchObject({ updates: 1 });
  expect((await plan('name,address\nuno,10.0.0.1\n', { siteId })).same).toBe(1);
});

test('what changed since the plan is a conflict that names it, and nothing of the import is done', async () => {
  const { plan, apply, addRelay, devices, store } = await kit();
  const { relay } = await addRelay();
  const one = await devices.create(caller, scope, { relayId: relay, name: 'one', address: '10.0.0.1' });
  const text = 'name,site,address\none,Main,10.0.0.2\ntwo,Main,10.0.0.3\n';
  const [changed, gone, taken] = [await plan(text), await plan(text), await plan(text)];
  await devices.update(caller, scope, one.id, { address: '10.9.9.9' });
  expect(await apply(changed)).toMatchObject({
    state: 'failed',
    failure: expect.stringContaining('"one" was changed meanwhile'),
  });
  await devices.update(caller, scope, one.id, { address: '10.0.0.1' });
  await devices.create(caller, scope, { relayId: relay, name: 'two', address: '10.0.0.9' });
  expect(await apply(taken)).toMatchObject({ state: 'failed', failure: expect.stringContaining('row 3') });
  await devices.remove(caller, scope, one.id);
  expect(await apply(gone)).toMatchObject({ state: 'failed' });
  expect((await store.db.selectFrom('device').select('name').execute()).map((row) => row.name)).toEqual(['two']);
});

test('a relay is never given more than it can poll', async () => {
  const { plan, addRelay, devices, siteId } = await kit();
  const { relay } = await addRelay();
  const many = Array.from({ length: 1_999 }, (_, n) => ({ relayId: relay, name: `d${n}`, address: '10.0.0.1' }));
  await devices.createMany(caller, many.slice(0, 1_000));
  await devices.createMany(caller, many.slice(1_000));
  const planned = await plan('name,address\nx,a\ny,a\nz,a\n', { siteId });
  expect(planned.faults.map(({ row, column }) => [row, column])).toEqual([
    [3, 'relay'],
    [4, 'relay'],
  ]);
});

test('a plan is its maker\u2019s own, is kept for an hour, and at most eight of them are', async () => {
  const { plan, imports, clock, addRelay } = await kit();
  await addRelay();
  const first = await plan('name,site,address\na,Main,b\n');
  const stranger = { actor: ownerActor('p2', 'Ben', 'session') };
  expect(() => imports.show(stranger, first.id)).toThrow('no import');
  for (let n = 0; n < 8; n += 1) await plan('name,site,address\na,Main,b\n');
  expect(() => imports.show(caller, first.id)).toThrow('no import');
  const last = await plan('name,site,address\na,Main,b\n');
  await clock.advance(3_600_001);
  expect(() => imports.show(caller, last.id)).toThrow('an hour');
});

test('asked again, an import that runs or is done says so and does nothing twice', async () => {
  const { plan, apply, imports, addRelay, store } = await kit();
  await addRelay();
  const planned = await plan('name,site,address\na,Main,b\n');
  await apply(planned);
  expect(imports.apply(caller, scope, planned.id)).toMatchObject({ state: 'done' });
  expect(await store.db.selectFrom('device').select('id').execute()).toHaveLength(1);
});

const rowsOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `d${from + n},New,Here,10.0.0.1,"t${n % 7}; u"`).join('\n');
const HEADING = 'name,customer,site,address,tags\n';

async function tables({ store }: Estate) {
  const count = async (table: 'device' | 'device_tag' | 'site' | 'customer' | 'import_undo') =>
    (
      await store.db
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    ).n;
  return {
    devices: await count('device'),
    tags: await count('device_tag'),
    sites: await count('site'),
    customers: await count('customer'),
    undo: await count('import_undo'),
  };
}

test('an import that is stopped in the middle leaves nothing behind', async () => {
  const estate = await kit();
  const before = await tables(estate);
  const planned = await estate.plan(HEADING + rowsOf(0, 2_000));
  estate.imports.apply(caller, scope, planned.id);
  await expect.poll(() => estate.imports.show(caller, planned.id).done).toBeGreaterThan(100);
  await estate.imports.stop();
  expect(estate.imports.show(caller, planned.id)).toMatchObject({
    state: 'failed',
    done: 0,
    failure: 'the console was stopped',
  });
  expect(await tables(estate)).toEqual(before);
});

test('an import that a killed console left unfinished is undone at the next start: what was made goes, what was changed is as before', async () => {
  const estate = await kit();
  const { relay } = await estate.addRelay();
  const made = { relayId: relay, name: 'old', address: '10.0.0.9', notes: 'as it was', tags: ['keep'] };
  const { id } = await estate.devices.create(caller, scope, made);
  const before = { ...(await tables(estate)), device: await estate.devices.find(scope, id) };
  const planned = await estate.plan(
    `id,name,customer,site,address,tags,notes\n${id},new,,,10.1.1.1,other,changed\n,x,New,Here,a,,\n`,
  );
  expect(planned).toMatchObject({ state: 'planned', updates: 1, creates: 1 });
  // The death of the process: its last transaction, which takes the journal away, never comes.
  await sql`create trigger killed before delete on import_undo begin select raise(abort, 'killed'); end`.execute(
    estate.store.db,
  );
  await estate.apply(planned);
  expect(await tables(estate)).toMatchObject({ devices: 2, undo: 1, sites: before.sites + 1 });
  await sql`drop trigger killed`.execute(estate.store.db);
  expect(await estate.imports.recover()).toEqual([planned.id]);
  expect({ ...(await tables(estate)), device: await estate.devices.find(scope, id) }).toEqual(before);
});

test('a relay that may have heard of the middle of an import is told again when that is undone', async () => {
  const estate = await kit();
  const { relay } = await estate.addRelay();
  const planned = await estate.plan('name,site,address\nx,Main,a\n');
  await sql`create trigger killed before delete on import_undo begin select raise(abort, 'killed'); end`.execute(
    estate.store.db,
  );
  await estate.apply(planned);
  // A relay that links now hears of what is not to stay.
  const heard = await readRoster(estate.store.db, relay);
  expect(heard?.devices).toHaveLength(1);
  await sql`drop trigger killed`.execute(estate.store.db);
  await estate.imports.recover();
  const told = await readRoster(estate.store.db, relay);
  expect(told?.devices).toEqual([]);
  expect(told?.version).toBeGreaterThan(heard?.version ?? 0);
});

test('a relay is told at once when an import that gave it devices is undone', async () => {
  const estate = await kit();
  const { relay } = await estate.addRelay();
  const names = Array.from({ length: 1_000 }, (_, n) => `x${n}`);
  const planned = await estate.plan(`name,site,address\n${names.map((name) => `${name},Main,a`).join('\n')}`);
  estate.imports.apply(caller, scope, planned.id);
  await expect.poll(() => estate.imports.show(caller, planned.id).done).toBeGreaterThan(100);
  await estate.imports.stop();
  expect(estate.told.relays).toEqual([relay]);
});

test('what somebody changes while an import runs stops it, and all of it is undone but what is theirs', async () => {
  const estate = await kit();
  const first = await estate.plan(HEADING + rowsOf(0, 1_000));
  await estate.apply(first);
  const before = await tables(estate);
  const planned = await estate.plan(HEADING + rowsOf(0, 1_000).replaceAll('10.0.0.1', '10.0.0.2'));
  expect(planned).toMatchObject({ updates: 1_000 });
  estate.imports.apply(caller, scope, planned.id);
  await expect.poll(() => estate.imports.show(caller, planned.id).done).toBeGreaterThan(100);
  const idOf = async (name: string) => {
    const query = estate.store.db.selectFrom('device').select('id').where('name', '=', name);
    return DeviceId.parse((await query.executeTakeFirstOrThrow()).id);
  };
  // Changed by the import already, and changed again since.
  await estate.devices.update(caller, scope, await idOf('d0'), { address: '10.9.9.9', notes: 'mine too' });
  await estate.devices.update(caller, scope, await idOf('d999'), { notes: 'mine' });
  await expect.poll(() => estate.imports.show(caller, planned.id).state).toBe('failed');
  const { failure } = estate.imports.show(caller, planned.id);
  expect(failure).toContain('"d999" was changed meanwhile');
  expect(failure).toContain('left as somebody changed it meanwhile: d0 (address)');
  const addresses = await estate.store.db
    .selectFrom('device')
    .select('address')
    .distinct()
    .orderBy('address')
    .execute();
  expect(addresses).toEqual([{ address: '10.0.0.1' }, { address: '10.9.9.9' }]);
  expect(await estate.devices.find(scope, await idOf('d0'))).toMatchObject({ notes: 'mine too', tags: ['t0', 'u'] });
  expect(await tables(estate)).toEqual(before);
});
