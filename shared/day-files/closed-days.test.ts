// Days that are closed, archived and thinned out say what they said before; what comes late counts, and a killed process leaves nothing half.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DeviceId } from '#shared/base/id.ts';
import { type MadeHour, sealInto, sealMadeDay, siteNo, TEST_DAY } from '#test/fixtures/day-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import type { DayReader, HourLine } from './day-store.ts';
import { FileDayStore } from './file-day-store.ts';

const HOUR = TEST_DAY * 24;

function aStore(folder = tempFolder(onTestFinished)) {
  const damage: string[] = [];
  const store = new FileDayStore({ folder, onDamage: (text) => damage.push(text) });
  onTestFinished(() => store.stop());
  return { store, folder, damage };
}

/** Runs the work to its end; how many slices it had. */
function finish(work: Generator<void, boolean>): { slices: number; isDone: boolean } {
  let slices = 0;
  for (;;) {
    const next = work.next();
    if (next.done === true) return { slices, isDone: next.value };
    slices += 1;
  }
}

const NAMES = ['load.1', 'cpu.user', 'filesystem.used', 'network.rx_errors'];

/** All that a day says, in a form that can be compared. */
function saidBy(reader: DayReader | undefined, devices: ReadonlySet<DeviceId>) {
  return {
    devices: reader
      ?.devices()
      .map(({ device, site }) => `${device} ${site}`)
      .sort(),
    coverage: reader?.coverage(),
    raw: [...devices].map((device) => reader?.rawHours(device).map((hour) => reader.raw(device, hour))),
    totals: [...devices].map((device) => new Map(reader?.totals(device))),
    sites: NAMES.map((name) => sorted(reader?.sites(name))),
    site: NAMES.map((name) => reader?.site(siteNo(1), name)),
  };
}

const sorted = (lines: ReadonlyMap<string, HourLine> | undefined) =>
  [...(lines ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));

const devicesOf = (made: readonly MadeHour[]) => new Set(made.map(({ device }) => device));
const tiersOf = (store: FileDayStore) => store.states().map(({ tier }) => tier);

/** Of each hour and of the day, what is said of some series alone, and the same cut out of all. */
function someOf(reader: DayReader | undefined, device: DeviceId, only: ReadonlySet<number>) {
  const hours = reader?.rawHours(device) ?? [];
  const rows = (some: ReadonlySet<number> | undefined) =>
    hours.map((hour) => {
      const { times, series, values } = reader?.raw(device, hour, some) ?? {};
      return Array.from(series ?? []).flatMap((number, column) => {
        const length = times?.length ?? 0;
        const own = [...(values?.subarray(column * length, (column + 1) * length) ?? [])];
        // A series without a value in the hour may be left out where a chunk holds several hours.
        return only.has(number) && own.some((value) => !Number.isNaN(value)) ? [{ hour, number, times, own }] : [];
      });
    });
  const lines = (some: ReadonlySet<number> | undefined) =>
    new Map([...(reader?.totals(device, some) ?? [])].filter(([number]) => only.has(number)));
  return { some: { rows: rows(only), lines: lines(only) }, all: { rows: rows(undefined), lines: lines(undefined) } };
}

test('some series of an open, a closed, an archived and a twice told day are what all of it says of them', () => {
  const { store } = aStore();
  const made = sealMadeDay(store, { devices: 2, hours: 24 });
  const [device] = devicesOf(made);
  if (device === undefined) throw new Error('a device was made');
  const check = () => {
    const reader = store.read(TEST_DAY);
    const only = new Set(NAMES.flatMap((name) => reader?.instancesOf(name) ?? []));
    const { some, all } = someOf(reader, device, only);
    expect(all.lines.size).toBeGreaterThan(2);
    expect(some).toEqual(all);
    expect([...(reader?.totals(device, only).keys() ?? [])].every((number) => only.has(number))).toBe(true);
  };
  check();
  expect(finish(store.rollUp(TEST_DAY)).isDone).toBe(true);
  check();
  sealMadeDay(store, { devices: 2, hours: 3 });
  check();
  expect(finish(store.archive(TEST_DAY)).isDone).toBe(true);
  check();
});

test('a closed day and an archived one say what the open one said, and take less', () => {
  const { store } = aStore();
  const made = sealMadeDay(store, { devices: 4, sites: 2, hours: 24 });
  const devices = devicesOf(made);
  const open = saidBy(store.read(TEST_DAY), devices);
  const sizes = () => store.states().reduce((sum, { bytes }) => sum + bytes, 0);
  const openBytes = sizes();
  expect(finish(store.rollUp(TEST_DAY))).toMatchObject({ isDone: true });
  expect(tiersOf(store)).toEqual(['raw', 'days']);
  expect(saidBy(store.read(TEST_DAY), devices)).toEqual(open);
  const closedBytes = sizes();
  const { slices, isDone } = finish(store.archive(TEST_DAY));
  expect(isDone).toBe(true);
  expect(slices).toBeGreaterThan(4);
  expect(tiersOf(store)).toEqual(['archive']);
  expect(saidBy(store.read(TEST_DAY), devices)).toEqual(open);
  expect(closedBytes).toBeLessThan(openBytes);
  expect(sizes()).toBeLessThan(closedBytes * 0.95);
  store.stop();
});

test.each(['closed', 'archived'])('what comes late counts in a day that is %s, until it is closed again', (state) => {
  const { store } = aStore();
  const made = sealMadeDay(store, { devices: 4, sites: 2, hours: 3 });
  finish(state === 'closed' ? store.rollUp(TEST_DAY) : store.archive(TEST_DAY));
  const reader = store.read(TEST_DAY);
  const [first] = made;
  if (first === undefined || reader === undefined) throw new Error('nothing was made');
  const before = reader.site(first.site, 'load.1');
  const rows = first.data.times.length;
  const half = {
    times: first.data.times.slice(0, rows / 2),
    series: first.data.series,
    values: Float64Array.from({ length: (rows / 2) * first.data.series.length }, (_, i) => i),
  };
  store.write(TEST_DAY, (writer) => {
    sealInto(writer, (n) => reader.seriesOf(n), { ...first, data: half });
    writer.sumSite(first.site, HOUR);
  });
  const check = () => {
    expect(store.read(TEST_DAY)?.raw(first.device, HOUR)).toEqual(half);
    expect(store.read(TEST_DAY)?.raw(first.device, HOUR + 1)).toEqual(made[4]?.data);
    const after = store.read(TEST_DAY)?.site(first.site, 'load.1');
    expect([before?.count[0], after?.count[0]]).toEqual([120, 90]);
    expect(after?.sum.slice(1)).toEqual(before?.sum.slice(1));
    const number = reader.numberOf('load.1', '') ?? -1;
    expect(store.read(TEST_DAY)?.totals(first.device).get(number)?.count).toEqual(Float64Array.of(30, 60, 60));
  };
  check();
  expect(finish(store.rollUp(TEST_DAY))).toMatchObject({ isDone: true });
  expect(tiersOf(store)).toEqual(state === 'closed' ? ['raw', 'days'] : ['archive']);
  check();
});

test('a site is added up from the totals that were put last, whatever of them was put before', () => {
  const { store, folder } = aStore();
  const made = sealMadeDay(store, { devices: 3, hours: 1 });
  const [first] = made;
  const reader = store.read(TEST_DAY);
  if (first === undefined || reader === undefined) throw new Error('nothing was made');
  const { series, times } = first.data;
  const again = { times, series, values: Float64Array.from({ length: times.length * series.length }, (_, i) => i) };
  // Each in a write of its own: the sum is made of what the file remembers.
  store.write(TEST_DAY, (writer) => sealInto(writer, (n) => reader.seriesOf(n), { ...first, data: again }));
  store.write(TEST_DAY, (writer) => writer.sumSite(first.site, first.hour));
  const sums = NAMES.map((name) => store.read(TEST_DAY)?.site(first.site, name));
  store.stop();
  const { store: reopened } = aStore(folder);
  reopened.write(TEST_DAY, (writer) => writer.sumSite(first.site, first.hour));
  expect(NAMES.map((name) => reopened.read(TEST_DAY)?.site(first.site, name))).toEqual(sums);
  const number = reader.numberOf('load.1', '') ?? -1;
  const own = made.map(({ device }) => reopened.read(TEST_DAY)?.totals(device).get(number)?.sum[0] ?? 0);
  expect(sums[0]?.sum[0]).toBe(own.reduce((sum, one) => sum + one, 0));
});

test('a day that is written to while it is rolled up stays as it is, and is done the next time', () => {
  const { store, folder } = aStore();
  const made = sealMadeDay(store, { devices: 3, hours: 2 });
  const open = saidBy(store.read(TEST_DAY), devicesOf(made));
  const work = store.rollUp(TEST_DAY);
  work.next();
  store.write(TEST_DAY, (writer) => writer.sumSite(siteNo(0), HOUR));
  expect(finish(work).isDone).toBe(false);
  expect(tiersOf(store)).toEqual(['hours']);
  expect(readdirSync(path.join(folder, 'raw'))).toEqual([]);
  expect(saidBy(store.read(TEST_DAY), devicesOf(made))).toEqual(open);
  expect(finish(store.rollUp(TEST_DAY)).isDone).toBe(true);
  expect(saidBy(store.read(TEST_DAY), devicesOf(made))).toEqual(open);
});

test('what a killed process was making is gone at the next start', () => {
  const { store, folder } = aStore();
  sealMadeDay(store, { devices: 1, hours: 1 });
  store.stop();
  for (const name of ['raw/2025-11-28.day.tmp', 'hours/2025-11-29.db.tmp', 'hours/2025-11-29.db.tmp-journal'])
    writeFileSync(path.join(folder, name), 'half');
  expect(aStore(folder).store.read(TEST_DAY)?.devices()).toHaveLength(1);
  expect(existsSync(path.join(folder, 'raw/2025-11-28.day.tmp'))).toBe(false);
  expect(readdirSync(path.join(folder, 'hours'))).toEqual(['2025-11-28.db']);
});

test.each(['open', 'closed', 'archived'])('a device and a site are forgotten in a day that is %s', (state) => {
  const { store } = aStore();
  const made = sealMadeDay(store, { devices: 6, sites: 3, hours: 2 });
  if (state !== 'open') finish(state === 'closed' ? store.rollUp(TEST_DAY) : store.archive(TEST_DAY));
  const gone = made[0]?.device;
  if (gone === undefined) throw new Error('nothing was made');
  const raw = { devices: new Set([gone]), sites: new Set([siteNo(1)]), what: 'raw' } as const;
  expect(finish(store.forget(TEST_DAY, raw)).isDone).toBe(true);
  const rest = made.filter(({ device, site }) => device !== gone && site !== siteNo(1));
  const reader = store.read(TEST_DAY);
  expect(reader?.rawHours(gone)).toEqual([]);
  expect(reader?.totals(gone).size).toBe(40);
  expect(reader?.site(siteNo(1), 'load.1')?.count).toEqual(Float64Array.of(120, 120));
  finish(store.forget(TEST_DAY, { ...raw, what: 'all' }));
  expect(reader?.totals(gone).size).toBe(0);
  expect(reader?.site(siteNo(1), 'load.1')).toBeUndefined();
  expect(reader?.site(siteNo(0), 'load.1')?.count).toEqual(Float64Array.of(120, 120));
  expect(reader?.devices()).toHaveLength(3);
  for (const { device, hour, data } of rest) expect(reader?.raw(device, hour)).toEqual(data);
});

test('a check of sound days finds nothing', () => {
  const { store } = aStore();
  sealMadeDay(store, { devices: 2, hours: 2 });
  sealMadeDay(store, { devices: 2, hours: 2, day: TEST_DAY + 1 });
  finish(store.rollUp(TEST_DAY + 1));
  for (const day of [TEST_DAY, TEST_DAY + 1]) {
    const work = store.check(day);
    let next = work.next();
    while (next.done !== true) next = work.next();
    expect(next.value).toEqual([]);
  }
});
