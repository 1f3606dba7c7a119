// A synthetic past is one that the present could have come from.
import { expect, test } from 'vitest';
import { metricByName } from '#shared/model/metric-catalogue.ts';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { pastValues } from './synthetic-history.ts';

const idOf = (name: string) => metricByName(name)?.id ?? Number.NaN;

test('counters rise to near the present, levels wander around it, unknown stays unknown', () => {
  const series = ['cpu.user', 'memory.available', 'pressure.io', 'swap.total'].map((name) => ({
    metric: idOf(name),
    instance: '',
  }));
  const now = [5_000_000, 8_000_000, undefined, 0];
  const rows = [...pastValues(series, now, 1_440, seededRandom(1))];
  expect(rows).toHaveLength(1_440);
  const column = (i: number) => rows.map((row) => row[i]);
  const user = column(0).map((value) => value ?? Number.NaN);
  expect(user.every((value, i) => i === 0 || value >= (user[i - 1] ?? 0))).toBe(true);
  expect(Math.abs((user.at(-1) ?? 0) - 5_000_000) / 5_000_000).toBeLessThan(0.05);
  const free = column(1).map((value) => value ?? Number.NaN);
  expect(new Set(free).size).toBeGreaterThan(1_000);
  expect(Math.min(...free)).toBeGreaterThanOrEqual(0);
  expect(new Set(column(2))).toEqual(new Set([undefined]));
  expect(new Set(column(3))).toEqual(new Set([0]));
});
