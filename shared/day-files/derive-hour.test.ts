// The rules in columns say what the rules poll by poll say, to the bit.
import { expect, test } from 'vitest';
import { DeviceId, newId } from '#shared/base/id.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { derive } from '#shared/model/derive.ts';
import { METRICS, metricByName } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { seriesKey } from '#shared/model/series-key.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import type { StoredSeries } from './day-store.ts';
import { deriveHour, risesOf } from './derive-hour.ts';
import { HourColumns, lastRowOf, type SeriesLookup } from './hour-columns.ts';

const device = DeviceId.parse(newId(1));
const INSTANCES: Readonly<Record<string, readonly string[]>> = {
  device: [''],
  filesystem: ['/', '/with space'],
  disk: ['sda', 'nvme0n1'],
  interface: ['eth0'],
};

interface Made {
  hour: DeviceHour;
  seriesOf: SeriesLookup;
  polls: PollRecord[];
}

/** Rising counters with resets and reboots, levels, and values that were not read. */
function makeHour(random: () => number, begin: number, before?: Made): Made {
  const all = METRICS.flatMap((metric) =>
    (INSTANCES[metric.scope] ?? []).map((instance) => ({ metric: metric.id, instance, of: metric })),
  ).filter(() => random() > 0.05);
  const rows = 1 + Math.floor(random() * 20);
  const last = before?.polls.at(-1);
  const values = new Float64Array(rows * all.length);
  for (const [column, { of, instance, metric }] of all.entries()) {
    const then = last?.series.findIndex((one) => one.metric === metric && one.instance === instance) ?? -1;
    let level = (then < 0 ? undefined : last?.values[then]) ?? Math.floor(random() * 1e6);
    for (let row = 0; row < rows; row += 1) {
      if (of.name === 'system.boot') level = random() < 0.05 ? level + 1 : level;
      else if (of.kind === 'gauge') level = Math.floor(random() * 1e6);
      else level = random() < 0.04 ? 0 : level + Math.floor(random() * 4) * 1_000;
      values[column * rows + row] = random() < 0.06 ? Number.NaN : level;
    }
  }
  const hour = {
    times: Float64Array.from({ length: rows }, (_, row) => begin + row * 60_000),
    series: Uint32Array.from(all, (_, column) => column + 7),
    values,
  };
  const series = all.map(({ metric, instance }) => ({ metric, instance }));
  const polls = Array.from({ length: rows }, (_, row) => ({
    device,
    at: begin + row * 60_000,
    series,
    values: all.map((_one, column) => {
      const value = values[column * rows + row] ?? Number.NaN;
      return Number.isNaN(value) ? undefined : value;
    }),
  }));
  const seriesOf = (number: number): StoredSeries | undefined => {
    const one = all[number - 7];
    return one === undefined ? undefined : { ...one.of, instance: one.instance };
  };
  return { hour, seriesOf, polls };
}

function byRows({ polls }: Made, former: PollRecord | undefined): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [row, poll] of polls.entries())
    for (const { name, instance, value } of derive(row === 0 ? former : polls[row - 1], poll)) {
      const key = seriesKey(name, instance);
      const line = found.get(key) ?? new Array<number>(polls.length).fill(Number.NaN);
      found.set(key, line);
      line[row] = value ?? Number.NaN;
    }
  return found;
}

test('columns and polls say the same of random hours, also of the row after an hour', () => {
  const seed = 20_261_123;
  const random = seededRandom(seed);
  let known = 0;
  for (let round = 0; round < 300; round += 1) {
    const before = makeHour(random, 0);
    const made = makeHour(random, 3_600_000, before);
    const hasFormer = round % 3 !== 0;
    const former = hasFormer ? lastRowOf(before.hour, before.seriesOf) : undefined;
    const columns = new Map(
      deriveHour(made.hour, made.seriesOf, former).map((one) => [seriesKey(one.name, one.instance), one.values]),
    );
    const rows = byRows(made, hasFormer ? before.polls.at(-1) : undefined);
    for (const [key, line] of rows) {
      const column = columns.get(key);
      if (column === undefined) expect([seed, key, line.every(Number.isNaN)]).toEqual([seed, key, true]);
      else expect([seed, key, [...column]]).toEqual([seed, key, line]);
      known += line.filter((value) => !Number.isNaN(value)).length;
    }
    for (const key of columns.keys()) expect(rows.has(key), `${seed} ${key}`).toBe(true);
  }
  expect(known).toBeGreaterThan(20_000);
});

const lookup =
  (some: readonly StoredSeries[]): SeriesLookup =>
  (number) =>
    some[number];
const gauge = (name: string): StoredSeries => ({ name, instance: '', unit: 'C', kind: 'gauge', resolution: 0.01 });

test('a series of no rule is a level of its own unit, and raw names are told when they are asked for', () => {
  const rx = metricByName('network.rx_bytes');
  if (rx === undefined) throw new Error('no such metric');
  const seriesOf = lookup([gauge('room.temperature'), { ...rx, instance: 'eth0' }]);
  const hour = {
    times: Float64Array.of(1, 2),
    series: Uint32Array.of(0, 1),
    values: Float64Array.of(2150, Number.NaN, 5, 9),
  };
  expect(deriveHour(hour, seriesOf, undefined)).toEqual(
    [
      { name: 'room.temperature', instance: '', unit: 'C', values: Float64Array.of(21.5, Number.NaN) },
      expect.objectContaining({
        name: 'network.rx_rate',
        instance: 'eth0',
        values: Float64Array.of(Number.NaN, Number.NaN),
      }),
    ].reverse(),
  );
  expect(deriveHour(hour, seriesOf, undefined, ['network.rx_bytes'])).toEqual([
    { name: 'network.rx_bytes', instance: 'eth0', unit: 'bytes', values: Float64Array.of(5, 9) },
  ]);
});

test('rises are whole stored numbers, and rates go by the time of the device', () => {
  const named = (name: string, instance = ''): StoredSeries => {
    const metric = metricByName(name);
    if (metric === undefined) throw new Error(`no metric ${name}`);
    return { ...metric, instance };
  };
  const seriesOf = lookup([named('system.uptime'), named('disk.read_bytes', 'sda')]);
  const hour = {
    times: Float64Array.of(1_000, 61_000, 121_000),
    series: Uint32Array.of(0, 1),
    // Hundredths of a second in tens of milliseconds, and sectors.
    values: Float64Array.of(1_000, 7_000, 13_000, 5, 605, 5),
  };
  const former = { seriesOf, series: Uint32Array.of(0, 1), values: Float64Array.of(0, 1) };
  const [, disk] = risesOf(new HourColumns(hour, seriesOf, former));
  expect(disk).toEqual({
    column: 1,
    rises: Float64Array.of(4, 600, Number.NaN),
    rates: Float64Array.of(4 / 10, 10, Number.NaN),
  });
});
