// Days that the bench makes say what the store's own way of sealing and closing says of the same devices.
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DayReader } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { deviceNo, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { type FleetDays, makeTiers, writeClosedDay, writeOpenDay } from './query-days.ts';
import { mixDay } from './query-mix.ts';

const DAY = 20_500;

function aFleet(): FleetDays {
  const folder = tempFolder(onTestFinished);
  const mix = mixDay(path.join(folder, 'mix'), 2, 2);
  const places = Array.from({ length: 8 }, (_, n) => ({ device: deviceNo(n), site: siteNo(n < 4 ? 1 : 2) }));
  const relays = [1, 2].map((n) => ({ relay: relayNo(n), site: siteNo(n) }));
  makeTiers(path.join(folder, 'made'));
  return { folder: path.join(folder, 'made'), mix, places, relays };
}

function opened(folder: string): DayReader {
  const store = new FileDayStore({
    folder,
    onDamage: (text) => {
      throw new Error(text);
    },
  });
  onTestFinished(() => store.stop());
  const reader = store.read(DAY);
  if (reader === undefined) throw new Error('no day');
  return reader;
}

const saidBy = (reader: DayReader, { places, mix }: FleetDays) => ({
  devices: new Set(reader.devices().map(({ device, site }) => `${device} ${site}`)),
  raw: places.map(({ device }) => reader.rawHours(device).map((hour) => reader.raw(device, hour))),
  totals: places.map(({ device }) => new Map(reader.totals(device))),
  lines: [...new Set(mix.series.map(({ name }) => name))].map((name) => [
    reader.site(siteNo(1), name),
    reader.sites(name).get(siteNo(2)),
  ]),
});

test('an open and a closed day of the bench say the same, every device and site of it', () => {
  const [open, closed] = [aFleet(), aFleet()];
  writeOpenDay(open, DAY, 24);
  writeClosedDay(closed, DAY, 0);
  expect(saidBy(opened(closed.folder), closed)).toEqual(saidBy(opened(open.folder), open));
});

test('the sums of sites are what the store itself adds up, and closing the day changes nothing', () => {
  const fleet = aFleet();
  writeOpenDay(fleet, DAY, 24);
  const store = new FileDayStore({ folder: fleet.folder, onDamage: () => undefined });
  onTestFinished(() => store.stop());
  const read = () => saidBy(store.read(DAY) as DayReader, fleet); // it was just written
  const before = read();
  store.write(DAY, (writer) => {
    for (let hour = DAY * 24; hour < (DAY + 1) * 24; hour += 1)
      for (const site of [1, 2]) writer.sumSite(siteNo(site), hour);
  });
  expect(read()).toEqual(before);
  const closing = store.rollUp(DAY);
  while (closing.next().done !== true);
  expect(read()).toEqual(before);
});

test('chunks lie in the hour they are asked for, with as many polls as an hour has', () => {
  const fleet = aFleet();
  writeClosedDay(fleet, DAY, 20);
  const reader = opened(fleet.folder);
  const hours = reader.rawHours(deviceNo(7));
  expect(hours).toEqual([20, 21, 22, 23].map((part) => DAY * 24 + part));
  const times = reader.raw(deviceNo(7), DAY * 24 + 20)?.times ?? [];
  expect(times).toHaveLength(60);
  expect([...times].every((at) => Math.floor(at / HOUR_MS) === DAY * 24 + 20)).toBe(true);
});
