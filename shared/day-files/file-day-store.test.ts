// A day that may still change: what was sealed comes back, sites are summed from their devices, and files of another kind are put aside.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';

import { RelayId } from '#shared/base/id.ts';
import { type MadeHour, sealInto, sealMadeDay, siteNo, TEST_DAY } from '#test/fixtures/day-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { dayFile } from './day-paths.ts';
import { FileDayStore } from './file-day-store.ts';
import { dayCrc } from './open-day-schema.ts';
import { roundRate } from './total-lines.ts';

const HOUR = TEST_DAY * 24;

function aStore(folder = tempFolder(onTestFinished), maxOpen = 10) {
  const damage: string[] = [];
  const store = new FileDayStore({ folder, onDamage: (text) => damage.push(text), maxOpen });
  onTestFinished(() => store.stop());
  return { store, folder, damage };
}

const ofHour = (made: readonly MadeHour[], hour: number) => made.filter((one) => one.hour === hour);

test('chunks and totals of an hour come back after the store was opened anew', () => {
  const { store, folder } = aStore();
  const made = sealMadeDay(store, { devices: 4, sites: 2, hours: 3 });
  store.stop();
  const reader = aStore(folder).store.read(TEST_DAY);
  for (const { device, hour, data } of made) expect(reader?.raw(device, hour)).toEqual(data);
  expect(reader?.devices()).toHaveLength(4);
  expect(reader?.rawHours(made[0]?.device ?? siteless())).toEqual([HOUR, HOUR + 1, HOUR + 2]);
  const number = reader?.numberOf('load.1', '') ?? -1;
  expect(reader?.seriesOf(number)).toEqual({
    name: 'load.1',
    instance: '',
    unit: 'load',
    kind: 'gauge',
    resolution: 0.01,
  });
  expect(reader?.instancesOf('filesystem.used').map((n) => reader.seriesOf(n)?.instance)).toEqual([
    '/',
    '/var',
    '/home',
    '',
  ]);
  const line = reader?.totals(made[0]?.device ?? siteless()).get(number);
  expect([...(line?.hours ?? [])]).toEqual([HOUR, HOUR + 1, HOUR + 2]);
  expect(line?.count).toEqual(Float64Array.of(60, 60, 60));
});

const siteless = (): never => {
  throw new Error('nothing was made');
};

test("a site's line is the exact sum of its devices, and is added up anew when one of them comes late", () => {
  const { store } = aStore();
  const made = sealMadeDay(store, { devices: 5, sites: 2, hours: 2 });
  const reader = store.read(TEST_DAY);
  const sums = (site: number, name: string, devices: typeof made) =>
    devices
      .filter((one) => one.site === siteNo(site) && one.hour === HOUR)
      .flatMap(({ device }) =>
        (reader?.instancesOf(name) ?? []).map((n) => reader?.totals(device).get(n)?.sum[0] ?? Number.NaN),
      )
      .reduce((sum, n) => sum + n, 0);
  for (const name of ['load.1', 'filesystem.used', 'network.rx_bytes', 'network.rx_errors'])
    for (const site of [0, 1]) {
      const line = reader?.site(siteNo(site), name);
      expect([...(line?.hours ?? [])]).toEqual([HOUR, HOUR + 1]);
      expect(line?.sum[0]).toBe(sums(site, name, made));
    }
  const late = ofHour(made, HOUR)[0] ?? siteless();
  const newcomer = { ...late, device: (made[1] ?? late).device, site: late.site };
  store.write(TEST_DAY, (writer) => {
    sealInto(writer, (n) => reader?.seriesOf(n), newcomer);
    writer.sumSite(late.site, HOUR);
  });
  const grown = reader?.site(late.site, 'load.1');
  expect(grown?.count[0]).toBe(4 * 60);
  expect(grown?.count[1]).toBe(3 * 60);
  expect([...(reader?.sites('load.1').keys() ?? [])].sort()).toEqual([siteNo(0), siteNo(1)]);
});

test('rates are rounded outwards and within 0.4 %, sums not at all', () => {
  for (const rate of [0, 0.0004, 0.02, 1, 99.98, 100, 123_456.789, 4.2e12]) {
    const low = roundRate(rate, Math.floor);
    const high = roundRate(rate, Math.ceil);
    expect(low).toBeLessThanOrEqual(rate);
    expect(high).toBeGreaterThanOrEqual(rate);
    expect(high - low).toBeLessThanOrEqual(rate * 0.004 + 0.001);
  }
});

test('a write that fails leaves nothing of itself, in the file and in memory', () => {
  const { store } = aStore();
  const made = sealMadeDay(store, { devices: 1, hours: 1 });
  const before = store.read(TEST_DAY)?.devices();
  const fail = () =>
    store.write(TEST_DAY, (writer) => {
      writer.numberOf({ name: 'new', instance: '', unit: 'count', kind: 'gauge', resolution: 1 });
      writer.putRaw({ device: (made[0] ?? siteless()).device, site: siteNo(9) }, HOUR, (made[0] ?? siteless()).data);
      throw new Error('no');
    });
  expect(fail).toThrow(/day 2025-11-28: no/);
  expect(store.read(TEST_DAY)?.numberOf('new', '')).toBeUndefined();
  expect(store.read(TEST_DAY)?.devices()).toEqual(before);
  expect(() => store.write(TEST_DAY, (w) => w.sumSite(siteNo(0), HOUR + 24))).toThrow(/another day/);
});

test('coverage is kept for each relay and hour, the last word counts', () => {
  const { store, folder } = aStore();
  const relay = RelayId.parse('0190c000-0000-7000-8000-000000000001');
  store.write(TEST_DAY, (writer) => {
    writer.cover({ relay, hour: HOUR, devices: 2, samples: 100 });
    writer.cover({ relay, hour: HOUR + 1, devices: 2, samples: 110 });
  });
  store.write(TEST_DAY, (writer) => writer.cover({ relay, hour: HOUR, devices: 3, samples: 150 }));
  store.stop();
  expect(aStore(folder).store.read(TEST_DAY)?.coverage()).toEqual([
    { relay, hour: HOUR, devices: 3, samples: 150 },
    { relay, hour: HOUR + 1, devices: 2, samples: 110 },
  ]);
});

test('a file that is no database is put aside and reported, and the rest goes on', () => {
  const folder = tempFolder(onTestFinished);
  sealMadeDay(aStore(folder).store, { devices: 1, hours: 1, day: TEST_DAY + 1 });
  writeFileSync(dayFile(folder, 'hours', TEST_DAY), 'no database at all '.repeat(4_000));
  const { store, damage } = aStore(folder);
  expect(store.read(TEST_DAY)).toBeUndefined();
  expect(damage.join()).toMatch(/2025-11-28\.db: .*moved to 2025-11-28\.db\.damaged-1/);
  expect(existsSync(`${dayFile(folder, 'hours', TEST_DAY)}.damaged-1`)).toBe(true);
  sealMadeDay(store, { devices: 1, hours: 1 });
  expect(store.read(TEST_DAY)?.devices()).toHaveLength(1);
  expect(store.read(TEST_DAY + 1)?.devices()).toHaveLength(1);
  expect(store.states().map(({ day, tier }) => [day, tier])).toEqual([
    [TEST_DAY, 'hours'],
    [TEST_DAY + 1, 'hours'],
  ]);
});

test('a file of a newer format is refused by name and stays as it is', () => {
  const { store, folder } = aStore();
  sealMadeDay(store, { devices: 1, hours: 1 });
  store.stop();
  const file = dayFile(folder, 'hours', TEST_DAY);
  const db = new Database(file);

  for (const table of ['day', 'day_copy'] as const)
    db.prepare(
      { day: 'update day set format = 2, crc = ?', day_copy: 'update day_copy set format = 2, crc = ?' }[table],
    ).run(dayCrc(2, TEST_DAY));
  db.close();
  expect(() => aStore(folder).store.read(TEST_DAY)).toThrow(/day 2025-11-28: format 2 is newer than 1/);
  expect(readdirSync(path.dirname(file))).toEqual(['2025-11-28.db']);
});

test('many days at once: a reader works on after its file was closed for others', () => {
  const { store } = aStore(undefined, 2);
  const days = [0, 1, 2, 3].map((n) => TEST_DAY + n);
  const made = new Map(days.map((day) => [day, sealMadeDay(store, { devices: 1, hours: 1, day })]));
  const readers = days.map((day) => store.read(day));
  for (const [i, day] of days.entries())
    for (const { device, hour, data } of made.get(day) ?? []) expect(readers[i]?.raw(device, hour)).toEqual(data);
});

test('a chunk goes from store to store as it is, and a dropped day is gone', () => {
  const { store, folder } = aStore();
  const made = sealMadeDay(store, { devices: 2, hours: 1 });
  const reader = store.read(TEST_DAY);
  const other = aStore().store;
  const names = made[0]?.data.series ?? new Uint32Array(0);
  other.write(TEST_DAY, (writer) => {
    for (const number of [...names].sort((a, b) => a - b)) {
      const series = reader?.seriesOf(number);
      if (series !== undefined) expect(writer.numberOf(series)).toBe(number);
    }
    for (const { device, site, hour } of made)
      writer.putChunk({ device, site }, hour, reader?.chunk(device, hour) ?? new Uint8Array(0));
  });
  for (const { device, hour, data } of made) expect(other.read(TEST_DAY)?.raw(device, hour)).toEqual(data);
  expect(existsSync(dayFile(folder, 'hours', TEST_DAY))).toBe(true);
  store.drop(TEST_DAY, 'hours');
  expect(existsSync(dayFile(folder, 'hours', TEST_DAY))).toBe(false);
  expect(store.read(TEST_DAY)).toBeUndefined();
  store.drop(TEST_DAY, 'hours');
});
