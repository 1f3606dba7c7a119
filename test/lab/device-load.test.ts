// Simulated values are plausible, repeat by seed, and counters never fall.
import { expect, test } from 'vitest';
import { auditReading, type Reading, readingAt } from './device-load.ts';
import { deviceModel, modelIdentity } from './device-model.ts';

const START = Date.UTC(2026, 0, 1);

const counters = (reading: Reading): number[] => [
  reading.uptimeCs,
  ...Object.values(reading.cpu),
  ...Object.values(reading.pressureUs),
  ...reading.disks.flatMap(({ device: _, ...rest }) => Object.values(rest)),
  ...reading.nics.flatMap(({ name: _, ...rest }) => Object.values(rest)),
];

test('counters never fall over two days of polls, and every value is a safe integer', () => {
  for (const index of [0, 1, 2, 3, 17, 499]) {
    const model = deviceModel(1, index);
    const bootedAt = START - model.bootedBeforeMs;
    let before = counters(readingAt(model, bootedAt, START));
    for (let at = START + 5_000; at < START + 172_800_000; at += 61_000) {
      const now = counters(readingAt(model, bootedAt, at));
      expect(now.every((value, i) => Number.isSafeInteger(value) && value >= (before[i] ?? 0))).toBe(true);
      before = now;
    }
  }
});

test('cpu ticks add up to uptime times processors', () => {
  const model = deviceModel(1, 5);
  const reading = readingAt(model, START, START + 600_000);
  const total = Object.values(reading.cpu).reduce((sum, ticks) => sum + ticks, 0);
  expect(total).toBe(600 * 100 * model.cpuCount);
});

test('a boot sets the counters back to nothing', () => {
  const model = deviceModel(1, 5);
  expect(Math.max(...counters(readingAt(model, START, START)))).toBe(0);
});

test('a seed gives the same machines again, and no two of a lab share an identifier', () => {
  expect(deviceModel(9, 3)).toEqual(deviceModel(9, 3));
  const identities = Array.from({ length: 2000 }, (_, i) => modelIdentity(deviceModel(9, i)));
  for (const kind of ['smbiosUuid', 'serial', 'machineId'] as const)
    expect(new Set(identities.map((identity) => identity[kind])).size).toBe(2000);
  const macs = identities.flatMap((identity) => identity.macs);
  expect(new Set(macs).size).toBe(macs.length);
});

test('an audit reading is its own number in every series', () => {
  const reading = auditReading(deviceModel(1, 7), 42);
  const numbers = JSON.stringify(reading).match(/(?<=[:,[])\d+/g) ?? [];
  expect(numbers.length).toBeGreaterThan(30);
  expect(new Set(numbers)).toEqual(new Set(['42']));
});

test('no filesystem of a healthy device is near the limit of the shipped check, so that what was made full clears once it is healed', () => {
  const used = Array.from({ length: 2_000 }, (_, index) => deviceModel(index, index % 40)).flatMap((model) =>
    [0, 6, 12, 18].flatMap((hour) =>
      readingAt(model, START, START + hour * 3_600_000).filesystems.map(
        ({ usedKb, availableKb }) => usedKb / (usedKb + availableKb),
      ),
    ),
  );
  expect(Math.max(...used)).toBeLessThan(0.77);
});
