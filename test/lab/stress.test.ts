// A device that suffers tells it in the numbers that checks read, goes on counting upwards, and is well again afterwards.
import { expect, test } from 'vitest';
import { type Reading, readingAt } from './device-load.ts';
import { deviceModel } from './device-model.ts';
import { type Look, type Stress, stressedReading } from './stress.ts';

const START = Date.UTC(2026, 0, 1);
const STEP_MS = 10_000;

/** What each look told, under one stress after the other. */
function looks(...stresses: readonly Stress[]): Reading[] {
  const model = deviceModel(1, 5);
  let last: Look | undefined;
  return stresses.map((stress, i) => {
    const at = START + i * STEP_MS;
    const plain = readingAt(model, START - model.bootedBeforeMs, at);
    const told = stressedReading(plain, at, stress, last);
    last = { at, plain, told };
    return told;
  });
}

function between(one: Reading, two: Reading) {
  const { idle: idleThen, ...busyThen } = one.cpu;
  const { idle, ...busy } = two.cpu;
  const sum = (kinds: object) => Object.values(kinds).reduce((total: number, ticks: number) => total + ticks, 0);
  const rise = sum(busy) - sum(busyThen);
  const [disk, diskThen] = [two.disks[0], one.disks[0]];
  const [nic, nicThen] = [two.nics[0], one.nics[0]];
  const of = <T extends object>(now: T | undefined, then: T | undefined, key: keyof T) =>
    Number(now?.[key]) - Number(then?.[key]);
  const requests = of(disk, diskThen, 'reads') + of(disk, diskThen, 'writes');
  return {
    cpuUsed: rise / (rise + idle - idleThen),
    queue: of(disk, diskThen, 'queueMs') / STEP_MS,
    latencyMs: of(disk, diskThen, 'queueMs') / requests,
    errors: of(nic, nicThen, 'rxErrors'),
    bytes: of(nic, nicThen, 'rxBytes') / (STEP_MS / 1_000),
  };
}

const pair = (readings: readonly Reading[], i: number) => {
  const [one, two] = readings.slice(i - 1, i + 1);
  if (one === undefined || two === undefined) throw new Error('no such look');
  return between(one, two);
};

test('a busy processor shows as its share of the time, and as idle again afterwards', () => {
  const readings = looks({}, { cpuUsed: 0.97 }, { cpuUsed: 0.97 }, {});
  expect(pair(readings, 1).cpuUsed).toBeCloseTo(0.97, 2);
  expect(pair(readings, 2).cpuUsed).toBeCloseTo(0.97, 2);
  expect(pair(readings, 3).cpuUsed).toBeLessThan(0.7);
});

test('queue, latency, errors and traffic are what was said', () => {
  const readings = looks({}, { diskQueue: 25, networkErrors: 1_200, networkBytes: 5_000_000 }, { diskLatencyMs: 80 });
  expect(pair(readings, 1)).toMatchObject({ queue: 25, errors: 200, bytes: 5_000_000 });
  expect(pair(readings, 2).latencyMs).toBeCloseTo(80);
});

test('levels are replaced, and are the own ones again', () => {
  const [well, ill, again] = looks({}, { memoryUsed: 0.96, diskUsed: 0.93, failedServices: 3, uptimeMs: 9_000 }, {});
  if (ill === undefined) throw new Error('no look');
  expect(1 - ill.memory.availableKb / ill.memory.totalKb).toBeCloseTo(0.96);
  const [root] = ill.filesystems;
  expect((root?.usedKb ?? 0) / ((root?.usedKb ?? 0) + (root?.availableKb ?? 0))).toBeCloseTo(0.93);
  expect(ill).toMatchObject({ failedServices: 3, uptimeCs: 900 });
  expect(again?.failedServices).toBe(well?.failedServices);
  expect(again?.memory.availableKb).toBeGreaterThan(ill.memory.availableKb);
});

test('no counter falls, whatever a device goes through', () => {
  const readings = looks(
    {},
    { cpuUsed: 1, diskQueue: 0 },
    { cpuUsed: 0 },
    { networkErrors: 0, diskLatencyMs: 0.1 },
    {},
  );
  const counters = ({ cpu, disks, nics }: Reading) => [
    ...Object.values(cpu),
    ...disks.flatMap(({ device: _, ...rest }) => Object.values(rest)),
    ...nics.flatMap(({ name: _, ...rest }) => Object.values(rest)),
  ];
  for (let i = 1; i < readings.length; i += 1) {
    const [now, then] = [readings[i], readings[i - 1]];
    if (now === undefined || then === undefined) throw new Error('no such look');
    const before = counters(then);
    expect(counters(now).every((value, n) => value >= (before[n] ?? 0))).toBe(true);
  }
});
