// Event logs of devices and the ways to them, on both engines: told twice is stored once, bounded, and of the relay's own devices only.
import { describe, expect, test } from 'vitest';
import { DeviceLog, type LogFilter, MAX_ENTRIES } from '#console/devices/device-log.ts';
import type { Link } from '#console/sites/relays.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { EventRecord, WayRecord } from '#shared/model/record.ts';
import { makeDevices } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import { lingerInside, type TestEngine } from './test-engine.ts';

export const logged = (device: DeviceId, entry: number, more: Partial<EventRecord> = {}): EventRecord => ({
  type: 'event',
  device,
  at: 1_000 + entry,
  log: 'System',
  entry,
  source: 'Service Control Manager',
  code: 7_036,
  level: 'information',
  message: `entry ${entry}`,
  ...more,
});

const way = (device: DeviceId, at: number, more: Partial<WayRecord> = {}): WayRecord => ({
  type: 'way',
  device,
  at,
  transport: 'winrm',
  port: 5_986,
  auth: 'ntlm',
  seal: 'tls',
  detail: 'TLSv1.3',
  ...more,
});

async function open(engine: TestEngine) {
  const kit = await makeDevices(engine);
  const told: unknown[] = [];
  const deviceLog = new DeviceLog({
    store: kit.store,
    outlets: { onTold: (what, { devices }) => told.push([what, ...devices]) },
  });
  const link = await kit.addRelay();
  return {
    ...kit,
    deviceLog,
    link,
    told,
    events: (some: EventRecord[], by: Link = link) =>
      kit.store.transaction((tx) => deviceLog.applyEvents(tx, by, some)),
    ways: (some: WayRecord[], by: Link = link) => kit.store.transaction((tx) => deviceLog.applyWays(tx, by, some)),
    entries: async (device: DeviceId, filter: LogFilter = {}) =>
      (await deviceLog.page(scope, { device, filter }, { limit: 1_000 })).items.map(({ entry }) => entry),
  };
}

function defineStoringTests(engine: TestEngine): void {
  describe(`event logs on ${engine.name}`, () => {
    test('an entry is shown as it was told; told twice it is stored once', async () => {
      const { add, link, events, deviceLog, told } = await open(engine);
      const id = await add(link.relay, 'a');
      const record = logged(id, 7, { level: 'error', message: 'no\0service', dropped: 12 });
      await events([record, record]);
      await events([record]);
      const { items, nextCursor } = await deviceLog.page(scope, { device: id, filter: {} }, { limit: 10 });
      expect(items).toEqual([
        {
          seq: expect.any(Number),
          at: 1_007,
          log: 'System',
          entry: 7,
          source: 'Service Control Manager',
          code: 7_036,
          level: 'error',
          message: 'no\uFFFDservice',
          dropped: 12,
        },
      ]);
      expect(nextCursor).toBeNull();
      expect(await deviceLog.logs(scope, id)).toEqual([{ log: 'System', entries: 1 }]);
      expect(told).toEqual([
        ['log', id],
        ['log', id],
      ]);
    });

    test('the same number after a log was cleared is another entry', async () => {
      const { add, link, events, entries } = await open(engine);
      const id = await add(link.relay, 'a');
      await events([logged(id, 1), logged(id, 1, { at: 9_000 }), logged(id, 1, { log: 'Application' })]);
      expect(await entries(id)).toEqual([1, 1, 1]);
    });

    test('a relay tells nothing of devices that are not its own', async () => {
      const { addRelay, add, link, events, ways, entries, devices, told } = await open(engine);
      const other = await addRelay();
      const id = await add(link.relay, 'a');
      await events([logged(id, 1)], other);
      await ways([way(id, 1)], other);
      expect(await entries(id)).toEqual([]);
      expect((await devices.find(scope, id))?.way).toBeNull();
      expect(told).toEqual([]);
    });

    test('a device keeps the entries that came last, whatever its clock says', async () => {
      const { add, link, events, deviceLog } = await open(engine);
      const [id, other] = [await add(link.relay, 'a'), await add(link.relay, 'b')];
      await events([logged(id, 1, { at: 4_000_000_000_000 }), logged(other, 1)]);
      for (let from = 2; from < MAX_ENTRIES + 402; from += 400)
        await events(Array.from({ length: 400 }, (_, i) => logged(id, from + i)));
      const { items } = await deviceLog.page(scope, { device: id, filter: {} }, { limit: 1 });
      expect(items[0]).toMatchObject({ at: 1_000 + MAX_ENTRIES + 401 });
      expect(await deviceLog.logs(scope, id)).toEqual([{ log: 'System', entries: MAX_ENTRIES }]);
      expect(await deviceLog.logs(scope, other)).toEqual([{ log: 'System', entries: 1 }]);
    });

    test('the log of a device goes with it', async () => {
      const { add, link, events, ways, devices, store } = await open(engine);
      const id = await add(link.relay, 'a');
      await events([logged(id, 1)]);
      await ways([way(id, 1)]);
      await devices.remove(caller, scope, id);
      expect(await store.db.selectFrom('device_event').select('seq').execute()).toEqual([]);
      expect(await store.db.selectFrom('device_way').select('since').execute()).toEqual([]);
    });

    test('two batches of one device at once are both stored', async () => {
      const { add, link, store, deviceLog, entries } = await open(engine);
      const id = await add(link.relay, 'a');
      const slowly = (...some: EventRecord[]) =>
        store.transaction(async (tx) => {
          await deviceLog.applyEvents(tx, link, some);
          await lingerInside(tx);
        });
      await Promise.all([slowly(logged(id, 1), logged(id, 2)), slowly(logged(id, 3), logged(id, 2))]);
      expect(await entries(id)).toEqual([3, 2, 1]);
    });
  });
}

function defineReadingTests(engine: TestEngine): void {
  describe(`reading event logs on ${engine.name}`, () => {
    test('each filter finds its own, and all together what fits each', async () => {
      const { add, link, events, entries } = await open(engine);
      const id = await add(link.relay, 'a');
      await events([
        logged(id, 1, { level: 'audit-failure', log: 'Security', code: 4_625, message: 'Anmeldung: Größe 100% \\srv' }),
        logged(id, 2, { level: 'error', source: 'Disk' }),
        logged(id, 3, { level: 'critical', source: 'Kernel-Power', message: 'The system has rebooted' }),
        logged(id, 4),
      ]);
      expect(await entries(id, { log: 'Security' })).toEqual([1]);
      expect(await entries(id, { levels: ['error', 'critical'] })).toEqual([3, 2]);
      expect(await entries(id, { source: 'Disk' })).toEqual([2]);
      expect(await entries(id, { code: 4_625 })).toEqual([1]);
      expect(await entries(id, { text: 'REBOOTED' })).toEqual([3]);
      expect(await entries(id, { text: 'kernel-' })).toEqual([3]);
      expect(await entries(id, { text: 'Größe 100% \\s' })).toEqual([1]);
      expect(await entries(id, { text: '1_0' })).toEqual([]);
      expect(await entries(id, { from: 1_002, to: 1_004 })).toEqual([3, 2]);
      expect(await entries(id, { levels: ['error', 'critical'], from: 1_003, log: 'System' })).toEqual([3]);
    });

    test('pages join without a hole or a double, by time, while entries come', async () => {
      const { add, link, events, deviceLog } = await open(engine);
      const id = await add(link.relay, 'a');
      await events(Array.from({ length: 25 }, (_, i) => logged(id, i, { at: 1_000 + Math.floor(i / 5) })));
      const seen: number[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await deviceLog.page(scope, { device: id, filter: {} }, { limit: 7, cursor });
        seen.push(...page.items.map(({ entry }) => entry));
        await events([logged(id, 100 + seen.length, { at: 5_000 })]);
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => 24 - i));
    });

    test('a cursor of another list is refused', async () => {
      const { add, link, deviceLog } = await open(engine);
      const id = await add(link.relay, 'a');
      const asked = deviceLog.page(scope, { device: id, filter: {} }, { limit: 7, cursor: 'bm8' });
      await expect(asked).rejects.toMatchObject({ code: 'bad-request' });
    });
  });
}

function defineWayTests(engine: TestEngine): void {
  describe(`ways on ${engine.name}`, () => {
    test('a way is shown since it is so; the same one told again is no other', async () => {
      const { add, link, ways, devices } = await open(engine);
      const id = await add(link.relay, 'a');
      const shown = async () => (await devices.find(scope, id))?.way;
      expect(await shown()).toBeNull();
      await ways([way(id, 5)]);
      await ways([way(id, 9, { detail: 'TLSv1.2' })]);
      expect(await shown()).toEqual({
        ...{ transport: 'winrm', port: 5_986, auth: 'ntlm', seal: 'tls', detail: 'TLSv1.2' },
        ...{ since: 5, toldAt: 9 },
      });
      await ways([way(id, 11), way(id, 12, { port: 5_985, auth: 'kerberos', seal: 'sealed' })]);
      expect(await shown()).toMatchObject({ port: 5_985, auth: 'kerberos', seal: 'sealed', since: 12 });
      const { port: _port, ...portless } = way(id, 20, { transport: 'smb', seal: 'sealed' });
      await ways([portless]);
      await ways([{ ...portless, at: 25 }]);
      expect(await shown()).toMatchObject({ port: null, since: 20, toldAt: 25 });
    });

    test('what one relay found is no word of the relay that polls the device now', async () => {
      const { add, addRelay, link, ways, devices, store } = await open(engine);
      const id = await add(link.relay, 'a');
      await ways([way(id, 5)]);
      const other = await addRelay();
      await store.db.updateTable('device').set({ relay_id: other.relay }).where('id', '=', id).execute();
      expect((await devices.find(scope, id))?.way).toBeNull();
      await ways([way(id, 7)], other);
      expect((await devices.find(scope, id))?.way).toMatchObject({ since: 7 });
    });

    test('what WinRM and SMB are told of a device is kept, changed, audited and in the roster', async () => {
      const { add, link, devices, store } = await open(engine);
      const id = await add(link.relay, 'a', { transport: 'winrm', spn: 'HTTP/a.example.test', realm: 'EXAMPLE.TEST' });
      const line = async () => (await devices.rosterFor(link.relay)).devices[0];
      expect(await line()).toMatchObject({ spn: 'HTTP/a.example.test', realm: 'EXAMPLE.TEST' });
      const { version } = await devices.rosterFor(link.relay);
      await devices.update(caller, scope, id, { transport: 'smb', spn: null, share: 'rmm$' });
      expect(await line()).toEqual(expect.objectContaining({ transport: 'smb', realm: 'EXAMPLE.TEST', share: 'rmm$' }));
      expect(await line()).not.toHaveProperty('spn');
      expect((await devices.rosterFor(link.relay)).version).toBe(version + 1);
      const rows = await store.db
        .selectFrom('audit_log')
        .select('detail')
        .where('verb', '=', 'device.update')
        .execute();
      expect(JSON.parse(rows[0]?.detail ?? '')).toMatchObject({ 'share.from': null, 'share.to': 'rmm$' });
    });
  });
}

export function defineDeviceLogTests(engine: TestEngine): void {
  defineStoringTests(engine);
  defineReadingTests(engine);
  defineWayTests(engine);
}
