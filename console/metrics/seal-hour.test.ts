// A site's hour becomes chunks and totals, once, however often and in whatever order its frames come.
import { expect, onTestFinished, test, vi } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { HourRows, numberingOf } from '#shared/day-files/hour-rows.ts';
import { fromStored, metricById, metricByName, type Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { scriptColumn } from '#shared/model/script-series.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { deviceNo, epochNo, HOUR, relayNo, siteNo } from '#test/fixtures/stream-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { LastRows } from './last-rows.ts';
import type { ChainFrames } from './metric-engine.ts';
import { SealHour } from './seal-hour.ts';

const DAY = Math.floor(HOUR / 24);
const COLUMNS: Series[] = ['system.uptime', 'system.boot', 'network.rx_bytes', 'memory.available'].map((name) => ({
  metric: metricByName(name)?.id ?? 0,
  instance: name.startsWith('network') ? 'eth0' : '',
}));

const NO_COLUMN: Series = { metric: 0, instance: '' };

function openStore() {
  const damages: string[] = [];
  const store = new FileDayStore({ folder: tempFolder(onTestFinished), onDamage: (text) => damages.push(text) });
  onTestFinished(() => store.stop());
  return store;
}

/** Uptime in centiseconds, boot id, a counter, a gauge. */
const poll = (device: DeviceId, hour: number, minute: number, values: Array<number | undefined>): PollRecord => ({
  device,
  at: hour * HOUR_MS + minute * 60_000,
  series: COLUMNS,
  values,
});

/** As a device does that counts a hundred bytes a second. */
const steady = (hour: number, minute: number, device = deviceNo(1)): PollRecord => {
  const seconds = (hour - HOUR) * 3_600 + minute * 60 + 1_000;
  return poll(device, hour, minute, [seconds * 100, 7, seconds * 100, minute]);
};

function chainOf(hour: number, polls: readonly PollRecord[], relay = relayNo(1), perFrame = 10): ChainFrames {
  const encoder = new DeltaEncoder(hour);
  const frames: Uint8Array[] = [];
  for (const [i, one] of polls.entries()) {
    encoder.add(one);
    if ((i + 1) % perFrame === 0) frames.push(encoder.take().data);
  }
  if (polls.length % perFrame !== 0) frames.push(encoder.take().data);
  return { relay, epoch: epochNo(1), lane: 2, frames };
}

const byText = (a: string, b: string) => (a < b ? -1 : 1);

type Store = ReturnType<typeof openStore>;

async function seal(store: Store, hour: number, chains: readonly ChainFrames[], lastRows = new LastRows()) {
  const hourSeal = new SealHour(siteNo(1), hour, { store, lastRows, giveWay: () => Promise.resolve() });
  for (const chain of chains) await hourSeal.add(chain);
  return await hourSeal.finish();
}

/** Every known value of the store: device, time, name, instance and value. */
function stored(store: Store, hours: readonly number[]): string[] {
  const lines: string[] = [];
  for (const hour of hours) {
    const reader = store.read(Math.floor(hour / 24));
    for (const { device } of reader?.devices() ?? []) {
      const data = reader?.raw(device, hour);
      for (const [column, number] of (data?.series ?? []).entries())
        for (const [row, at] of (data?.times ?? []).entries()) {
          const value = data?.values[column * (data?.times.length ?? 0) + row] ?? Number.NaN;
          const series = reader?.seriesOf(number);
          if (!Number.isNaN(value)) lines.push(`${device} ${at} ${series?.name} ${series?.instance} ${value}`);
        }
    }
  }
  return lines.sort(byText);
}

const said = (polls: readonly PollRecord[]): string[] =>
  polls
    .flatMap(({ device, at, series, values }) =>
      series.flatMap(({ metric, instance }, i) =>
        values[i] === undefined ? [] : [`${device} ${at} ${metricById(metric)?.name} ${instance} ${values[i]}`],
      ),
    )
    .sort(byText);

test('every value of an hour of a site is in its chunks, and nothing else', async () => {
  const store = openStore();
  const sweeps = pollsOfMix({ devices: 30, columns: 40, seed: 3, from: HOUR * HOUR_MS });
  const polls: PollRecord[] = Array.from({ length: 60 }, () => sweeps.next().value ?? []).flat();
  const sealed = await seal(store, HOUR, [chainOf(HOUR, polls, relayNo(1), 50)]);
  expect(stored(store, [HOUR])).toEqual(said(polls));
  expect(sealed).toEqual({ devices: 30, samples: said(polls).length, undecodable: 0 });
  expect(store.read(DAY)?.coverage()).toEqual([
    { relay: relayNo(1), hour: HOUR, devices: 30, samples: said(polls).length },
  ]);
});

test('sealed again, an hour is the same to the byte, and nothing counts twice', async () => {
  const store = openStore();
  const polls = Array.from({ length: 60 }, (_, minute) => steady(HOUR, minute));
  await seal(store, HOUR, [chainOf(HOUR, polls)]);
  const chunk = store.read(DAY)?.raw(deviceNo(1), HOUR);
  const again = await seal(store, HOUR, [chainOf(HOUR, polls)]);
  expect(again).toEqual({ devices: 1, samples: 0, undecodable: 0 });
  expect(store.read(DAY)?.raw(deviceNo(1), HOUR)).toEqual(chunk);
  expect(store.read(DAY)?.coverage()).toEqual([{ relay: relayNo(1), hour: HOUR, devices: 1, samples: 240 }]);
});

test('frames that come late are merged by time, in whatever parts and order, and two relays of one device are one device', async () => {
  const all = Array.from({ length: 60 }, (_, minute) => steady(HOUR, minute));
  const parts = [all.slice(20, 40), all.slice(50), all.slice(0, 30), all.slice(35, 52)];
  const store = openStore();
  for (const [n, part] of parts.entries()) await seal(store, HOUR, [chainOf(HOUR, part, relayNo(1 + (n % 2)))]);
  expect(stored(store, [HOUR])).toEqual(said(all));
  const samples = store
    .read(DAY)
    ?.coverage()
    .reduce((sum, one) => sum + one.samples, 0);
  expect(samples).toBe(240);
  const whole = openStore();
  await seal(whole, HOUR, [chainOf(HOUR, all)]);
  expect(store.read(DAY)?.totals(deviceNo(1))).toEqual(whole.read(DAY)?.totals(deviceNo(1)));
});

const riseOf = (store: Store, hours: readonly number[]): Array<number | undefined> =>
  hours.map((hour) => {
    const reader = store.read(Math.floor(hour / 24));
    const number = reader?.numberOf('network.rx_bytes', 'eth0') ?? -1;
    const line = reader?.totals(deviceNo(1)).get(number);
    const place = line?.hours.indexOf(hour) ?? -1;
    return line === undefined || place < 0 ? undefined : (line.sum[place] ?? 0) + (line.rest[place] ?? 0);
  });

test('what a counter rises by across the edge of an hour and of a day counts once, whichever hour is sealed first', async () => {
  const hours = [HOUR + 22, HOUR + 23, HOUR + 24];
  const polls = (hour: number) => Array.from({ length: 60 }, (_, minute) => steady(hour, minute));
  for (const order of [hours, [...hours].reverse(), [HOUR + 23, HOUR + 22, HOUR + 24]]) {
    const store = openStore();
    const lastRows = new LastRows();
    for (const hour of order) await seal(store, hour, [chainOf(hour, polls(hour))], lastRows);
    // The first hour lacks the minute before its first poll.
    expect(riseOf(store, hours)).toEqual([59 * 6_000, 60 * 6_000, 60 * 6_000]);
    const site = store.read(DAY + 1)?.site(siteNo(1), 'network.rx_bytes');
    expect(site?.sum[0]).toBe(60 * 6_000);
  }
});

test('an hour that comes before one that is sealed changes the totals of all its devices in one transaction', async () => {
  const store = openStore();
  const lastRows = new LastRows();
  const devices = Array.from({ length: 20 }, (_, n) => deviceNo(n + 1));
  const polls = (hour: number) => devices.flatMap((device) => [steady(hour, 0, device), steady(hour, 59, device)]);
  const writesOf = async (hour: number) => {
    const write = vi.spyOn(store, 'write');
    await seal(store, hour, [chainOf(hour, polls(hour))], lastRows);
    const { length } = write.mock.calls;
    write.mockRestore();
    return length;
  };
  const [later, alone] = [await writesOf(HOUR + 1), await writesOf(HOUR + 5)];
  expect(later).toBe(alone);
  // The totals of the hour behind it, and the sum of its site.
  expect(await writesOf(HOUR)).toBe(alone + 2);
  const site = store.read(DAY)?.site(siteNo(1), 'network.rx_bytes');
  expect(site?.sum.slice(0, 2)).toEqual(Float64Array.of(devices.length * 59 * 6_000, devices.length * 60 * 6_000));
});

test('a reboot and a reset leave their interval unknown', async () => {
  const store = openStore();
  const minutes = Array.from({ length: 60 }, (_, minute) => steady(HOUR, minute));
  const polls = minutes.map((one, minute) => {
    const [uptime = 0, boot, bytes = 0, free] = one.values;
    if (minute < 20) return one;
    // Minute 20: another boot, its counter from 0; minute 40: the counter alone begins anew.
    const began = minute < 40 ? 20 : 40;
    return { ...one, values: [uptime, (boot ?? 0) + 1, bytes - (minutes[began]?.values[2] ?? 0), free] };
  });
  await seal(store, HOUR, [chainOf(HOUR, polls)]);
  expect(riseOf(store, [HOUR])).toEqual([57 * 6_000]);
});

test('ratios have totals of their own, levels and counters are read from theirs', async () => {
  const store = openStore();
  const sweeps = pollsOfMix({ devices: 1, columns: 40, seed: 3, from: HOUR * HOUR_MS });
  const polls: PollRecord[] = Array.from({ length: 60 }, () => sweeps.next().value ?? []).flat();
  await seal(store, HOUR, [chainOf(HOUR, polls)]);
  const reader = store.read(DAY);
  const [{ device } = { device: deviceNo(1) }] = reader?.devices() ?? [];
  const lines = reader?.totals(device) ?? new Map();
  const names = new Set([...lines.keys()].map((number) => reader?.seriesOf(number)?.name));
  expect(names).toContain('memory.available');
  expect([...names].filter((name) => name?.endsWith('_ratio')).length).toBeGreaterThan(0);
  const total = metricByName('memory.available');
  const line = lines.get(reader?.numberOf('memory.available', '') ?? -1);
  const values = polls.flatMap((one) =>
    one.series.flatMap((series, i) => (series.metric === total?.id ? [one.values[i] ?? 0] : [])),
  );
  expect(line?.sum[0]).toBe(values.reduce((sum, value) => sum + value, 0));
  expect(total === undefined ? 0 : fromStored(total, 1)).toBe(1_024);
});

test('a relay is believed about the devices of its site alone', async () => {
  const store = openStore();
  const ours = [steady(HOUR, 0), steady(HOUR, 1)];
  const theirs = ours.map((one) => ({ ...one, device: deviceNo(2) }));
  const context = { store, lastRows: new LastRows(), giveWay: () => Promise.resolve(), own: new Set([deviceNo(1)]) };
  const hourSeal = new SealHour(siteNo(1), HOUR, context);
  await hourSeal.add(chainOf(HOUR, [...ours, ...theirs]));
  expect(await hourSeal.finish()).toEqual({ devices: 1, samples: 8, undecodable: 0, foreign: 8 });
  expect(stored(store, [HOUR])).toEqual(said(ours));
  expect(store.read(DAY)?.devices()).toEqual([{ device: deviceNo(1), site: siteNo(1) }]);
});

test('a frame that does not decode is counted, and the rest of the hour is sealed', async () => {
  const store = openStore();
  const polls = Array.from({ length: 60 }, (_, minute) => steady(HOUR, minute));
  const bad = chainOf(HOUR, polls);
  const other = chainOf(
    HOUR,
    polls.map((one) => ({ ...one, device: deviceNo(2) })),
    relayNo(2),
  );
  const sealed = await seal(store, HOUR, [
    { ...bad, frames: [...bad.frames, bad.frames[1] ?? new Uint8Array(0)] },
    other,
  ]);
  expect(sealed).toEqual({ devices: 2, samples: 480, undecodable: 1, spoiled: [6] });
});

test('an hour of one poll a second and a half keeps what a chunk holds, and the hour is sealed', async () => {
  const store = openStore();
  const polls = Array.from({ length: 4_000 }, (_, n) => ({ ...steady(HOUR, 0), at: HOUR * HOUR_MS + n * 900 }));
  await seal(store, HOUR, [chainOf(HOUR, polls, relayNo(1), 400)]);
  expect(store.read(DAY)?.raw(deviceNo(1), HOUR)?.times.length).toBe(3_600);
});

test('an hour whose sealing broke off is followed by totals that go on from it, once it is sealed again', async () => {
  const store = openStore();
  const polls = (hour: number) => Array.from({ length: 60 }, (_, minute) => steady(hour, minute));
  await seal(store, HOUR + 1, [chainOf(HOUR + 1, polls(HOUR + 1))]);
  expect(riseOf(store, [HOUR + 1])).toEqual([59 * 6_000]);
  const giveWay = () =>
    store.read(DAY)?.raw(deviceNo(1), HOUR) === undefined ? Promise.resolve() : Promise.reject(new Error('killed'));
  const broken = new SealHour(siteNo(1), HOUR, { store, lastRows: new LastRows(), giveWay });
  await broken.add(chainOf(HOUR, polls(HOUR)));
  await expect(broken.finish()).rejects.toThrow('killed');
  await seal(store, HOUR, [chainOf(HOUR, polls(HOUR))]);
  expect(riseOf(store, [HOUR, HOUR + 1])).toEqual([59 * 6_000, 60 * 6_000]);
});

test('what scripts say under one name in two units stays two series, in one poll and of two devices', async () => {
  const store = openStore();
  const column = (unit: string): Series => scriptColumn({ name: 'queue.wait', unit, instance: '' });
  const polls: PollRecord[] = [
    { device: deviceNo(1), at: HOUR * HOUR_MS, series: [column('ms'), column('s')], values: [1_500, 2] },
    { device: deviceNo(2), at: HOUR * HOUR_MS, series: [column('s')], values: [7] },
  ];
  await seal(store, HOUR, [chainOf(HOUR, polls)]);
  const reader = store.read(DAY);
  const said = [1, 2].map((n) => {
    const { series, values } = reader?.raw(deviceNo(n), HOUR) ?? { series: [], values: [] };
    return Array.from(series, (number, i) => [reader?.seriesOf(number)?.unit, values[i]]);
  });
  expect(said).toEqual([
    [
      ['ms', 1_500],
      ['s', 2],
    ],
    [['s', 7]],
  ]);
});

test('two columns that are one series to the dictionary become one, and the hour is sealed', () => {
  const rows = new HourRows();
  const [, , bytes = NO_COLUMN, free = NO_COLUMN] = COLUMNS;
  const list = [bytes, free, bytes];
  for (const minute of [0, 1]) rows.add({ ...steady(HOUR, minute), series: list, values: [1, 2, 3] });
  const hour = rows.hour((series) => numberingOf(series, (one) => (one === free ? 4 : 7)));
  expect([[...hour.series], [...hour.values]]).toEqual([
    [4, 7],
    [2, 2, 1, 1],
  ]);
});
