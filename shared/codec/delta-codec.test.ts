// Encoder and decoder together: what goes in comes out, in few bytes, through gaps, resets, changes of columns and jitter.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { metricByName, type Series } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { batches, TEST_HOUR, testDevice } from '#test/fixtures/poll-arbitrary.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { DeltaDecoder } from './delta-decoder.ts';
import { DeltaEncoder } from './delta-encoder.ts';

const START = TEST_HOUR * HOUR_MS;
const seriesOf = (...names: string[]): Series[] =>
  names.map((name) => {
    const [metric = '', instance = ''] = name.split(' ');
    return { metric: metricByName(metric)?.id ?? 0, instance };
  });
const poll = (device: number, at: number, series: readonly Series[], values: PollRecord['values']): PollRecord => ({
  device: testDevice(device),
  at: START + at,
  series,
  values,
});

/** One batch per poll; returns what came out and the size of each batch without its two bytes of header. */
function passThrough(polls: readonly PollRecord[]) {
  const encoder = new DeltaEncoder(TEST_HOUR);
  const decoder = new DeltaDecoder(TEST_HOUR);
  const sizes: number[] = [];
  const records = polls.flatMap((record) => {
    encoder.add(record);
    const { data } = encoder.take();
    sizes.push(data.length - 2);
    return decoder.decode(data);
  });
  return { records, sizes };
}

test('any polls of an hour come back as they were, whatever the batches', () => {
  fc.assert(
    fc.property(batches, (parts) => {
      const encoder = new DeltaEncoder(TEST_HOUR);
      const decoder = new DeltaDecoder(TEST_HOUR);
      for (const part of parts) {
        for (const record of part) encoder.add(record);
        const known = part.flatMap(({ values }) => values.filter((value) => value !== undefined)).length;
        expect(encoder.samples).toBe(known);
        const size = encoder.size;
        const { data, samples, records } = encoder.take();
        expect({ size: data.length, samples, records }).toEqual({ size, samples: known, records: part.length });
        expect(decoder.decode(data)).toEqual(part);
      }
    }),
    { numRuns: 300 },
  );
});

test('a reader of one device gets that device alone, though columns are shared and passed over', () => {
  fc.assert(
    fc.property(batches, fc.nat({ max: 3 }), (parts, wanted) => {
      const encoder = new DeltaEncoder(TEST_HOUR);
      const decoder = new DeltaDecoder(TEST_HOUR, { only: testDevice(wanted) });
      for (const part of parts) {
        for (const record of part) encoder.add(record);
        const mine = part.filter(({ device }) => device === testDevice(wanted));
        expect(decoder.decode(encoder.take().data)).toEqual(mine);
      }
    }),
    { numRuns: 100 },
  );
});

test('a hard mix of 500 devices takes under 1.15 bytes a sample at 30 series and 500 samples a batch', () => {
  const encoder = new DeltaEncoder(TEST_HOUR);
  const decoder = new DeltaDecoder(TEST_HOUR);
  let bytes = 0;
  let samples = 0;
  const sweeps = pollsOfMix({ devices: 100, columns: 30, seed: 7, from: START });
  for (let sweep = 0; sweep < 60; sweep += 1) {
    const polls = sweeps.next().value ?? [];
    for (let first = 0; first < polls.length; first += 17) {
      const part = polls.slice(first, first + 17);
      for (const record of part) encoder.add(record);
      const batch = encoder.take();
      bytes += batch.data.length;
      samples += batch.samples;
      expect(decoder.decode(batch.data)).toEqual(part);
    }
  }
  expect(samples).toBe(100 * 30 * 60);
  expect(bytes / samples).toBeLessThan(1.15);
});

test('unknown is never zero: a value that comes and goes keeps its place', () => {
  const series = seriesOf('load.1', 'network.rx_bytes eth0', 'swap.total');
  const values = [
    [1, undefined, 0],
    [undefined, 5_000, 0],
    [undefined, 6_000, undefined],
    [3, undefined, 0],
    [undefined, undefined, undefined],
    [0, 0, 0],
  ];
  const polls = values.map((row, i) => poll(1, i * 60_000, series, row));
  expect(passThrough(polls).records).toEqual(polls);
});

test('a counter that begins again at zero costs a few bytes once, and the polls after it are as cheap as before', () => {
  const series = seriesOf('network.rx_bytes eth0');
  const random = seededRandom(3);
  let value = 2 ** 45;
  const polls = Array.from({ length: 50 }, (_, i) => {
    value = i === 25 ? 17 : value + 1_000_000 + Math.floor(random() * 1_000);
    return poll(1, i * 60_000, series, [value]);
  });
  const { records, sizes } = passThrough(polls);
  expect(records).toEqual(polls);
  expect(sizes[25]).toBeLessThan(16);
  const mean = (from: number, to: number) => sizes.slice(from, to).reduce((a, b) => a + b, 0) / (to - from);
  expect(mean(27, 40)).toBeLessThan(mean(12, 25) + 1);
});

test('values of one device follow its own, whatever stood in the room of the batch before', () => {
  const series = seriesOf('cpu.user', 'memory.available', 'load.1');
  const encoder = new DeltaEncoder(TEST_HOUR);
  const decoder = new DeltaDecoder(TEST_HOUR);
  for (let n = 0; n < 40; n += 1) {
    // A long batch and a short one by turns: both are read in the same room.
    const polls = Array.from({ length: n % 2 === 0 ? 50 : 1 }, (_, i) =>
      poll(i, n * 60_000 + i, series, [n * 977 * i, n % 7 === 0 ? undefined : 2 ** 40 + i * n * 4_096, 5]),
    );
    for (const one of polls) encoder.add(one);
    expect(decoder.decode(encoder.take().data)).toEqual(polls);
  }
});

test('columns that appear and vanish give a full record, and devices with equal columns send them once', () => {
  const two = seriesOf('load.1', 'filesystem.used /a-rather-long-mount-point');
  const three = seriesOf('load.1', 'filesystem.used /a-rather-long-mount-point', 'filesystem.used /backup');
  const polls = [
    poll(1, 0, two, [1, 2]),
    poll(2, 10, [...two], [3, 4]),
    poll(1, 60_000, three, [5, 6, 7]),
    poll(2, 60_010, three, [8, 9, 10]),
    poll(1, 120_000, two, [11, 12]),
  ];
  const { records, sizes } = passThrough(polls);
  expect(records).toEqual(polls);
  const [first = 0, second = 0, third = 0, fourth = 0] = sizes;
  expect(second).toBeLessThan(first - 30);
  expect(fourth).toBeLessThan(third - 30);
});

test('records of a device share one series array until its columns change', () => {
  const two = seriesOf('load.1', 'load.5');
  const polls = [0, 1, 2].map((i) => poll(1, i * 60_000, [...two], [i, i]));
  const { records } = passThrough([...polls, poll(1, 200_000, seriesOf('load.1'), [1])]);
  expect(records[1]?.series).toBe(records[0]?.series);
  expect(records[2]?.series).toBe(records[0]?.series);
  expect(records[3]?.series).not.toBe(records[0]?.series);
});

test('forty columns that do not change cost four bytes a poll, the header of the batch apart', () => {
  const series = Array.from({ length: 40 }, (_, i) => ({ metric: 31, instance: `/disk${i}` }));
  const polls = Array.from({ length: 20 }, (_, i) =>
    poll(
      1,
      i * 60_000,
      series,
      series.map((_, n) => n * 1_000),
    ),
  );
  const { records, sizes } = passThrough(polls);
  expect(records).toEqual(polls);
  expect(Math.max(...sizes.slice(8))).toBeLessThanOrEqual(4);
});

test('jitter, missed polls and a clock that steps back are kept to the millisecond', () => {
  const series = seriesOf('system.uptime');
  const times = [600_000, 660_013, 719_998, 780_001, 1_080_002, 1_080_002, 1_079_000, 3_599_999, 0];
  const polls = times.map((at, i) => poll(1, at, series, [i * 6_000]));
  expect(passThrough(polls).records).toEqual(polls);
});

test('one encoder of one device is small enough to keep thousands of in memory', () => {
  const encoders: DeltaEncoder[] = [];
  const sweeps = pollsOfMix({ devices: 500, columns: 30, seed: 1, from: START });
  const polls = sweeps.next().value ?? [];
  const used = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  const before = used();
  for (let n = 0; n < 2_000; n += 1) {
    const encoder = new DeltaEncoder(TEST_HOUR);
    for (const record of polls.slice(n % 500, (n % 500) + 1)) encoder.add(record);
    encoders.push(encoder);
  }
  // So many that garbage, which is collected when chance has it, is the smaller part; a big table per instance would be far above.
  expect((used() - before) / encoders.length).toBeLessThan(16 * 1024);
});
