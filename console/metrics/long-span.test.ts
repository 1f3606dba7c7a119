// A chart of a month or a year reads as much as its time allows, evenly, and says how much that was.
import { expect, test } from 'vitest';
import type { Db } from '#console/store/engine.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { MadeHours } from '#test/fixtures/made-hours.ts';
import { deviceNo, HOUR, linkNo } from '#test/fixtures/stream-kit.ts';
import { DecodedHours } from './decoded-hours.ts';
import { MetricQuery } from './metric-query.ts';

/** Six polls an hour of one device: quick to make. */
const SITE = { devices: 1, pollsAnHour: 6, columns: 60 };
// The made hours come from no database.
const db = undefined as unknown as Db;

function kit(span: { from: number; to: number }, msAnHour: number) {
  let spent = 0;
  const clock = { ...systemClock, monotonic: () => spent };
  const read: number[] = [];
  const chunks = new MadeHours(SITE, span, (hour) => {
    read.push(hour);
    spent += msAnHour;
  });
  const query = new MetricQuery({ db, hours: new DecodedHours({ chunks }), clock });
  const ask = (from: number, to: number, names = ['process.total', 'cpu.used_ratio']) =>
    query.range({
      ...{ device: deviceNo(1), relays: [linkNo(1).relay], names, maxPoints: 600, intervalMs: 600_000 },
      ...{ from: from * HOUR_MS, to: to * HOUR_MS },
    });
  return { ask, read };
}

test('a year at a site that is slow to read stops in time, and says that it read one hour of many', async () => {
  const year = { from: HOUR, to: HOUR + 365 * 24 };
  const { ask, read } = kit(year, 15);
  const { series, hourStep } = await ask(year.from, year.to);
  expect(hourStep).toBe(256);
  expect(read.length).toBeLessThan(45);
  const [first] = series;
  expect(first?.at.length).toBeGreaterThan(15);
  // One hour of many is no gap where the device was polled all along.
  expect(first?.avg).not.toContain(null);
  const steps = first?.at.slice(1).map((at, i) => at - (first.at[i] ?? 0)) ?? [];
  expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(1_000);
});

test('asked again, the same year is finer: what was decoded stays', async () => {
  const year = { from: HOUR, to: HOUR + 365 * 24 };
  const { ask, read } = kit(year, 15);
  const { hourStep } = await ask(year.from, year.to);
  const again = await ask(year.from, year.to);
  expect(again.hourStep).toBeLessThan(hourStep);
  expect(new Set(read).size).toBe(read.length);
});

test('a year of a console that is a day old is that day, whole', async () => {
  const { ask } = kit({ from: HOUR - 24, to: HOUR }, 15);
  const { series, hourStep } = await ask(HOUR - 365 * 24, HOUR + 1);
  expect(hourStep).toBe(1);
  expect(series.find(({ name }) => name === 'process.total')?.at).toHaveLength(25 * 6);
});

test('a rate never spans the hours that were left out', async () => {
  const month = { from: HOUR, to: HOUR + 30 * 24 };
  const { ask } = kit(month, 15);
  const { series, hourStep } = await ask(month.from, month.to, ['network.rx_rate']);
  expect(hourStep).toBeGreaterThan(1);
  // Counters of the made hours begin anew each hour: a rate from one to the next would be negative or absurd.
  for (const { min } of series) expect(min.filter((value) => value !== null && value < 0)).toEqual([]);
});

test('more polls than one answer may hold make it coarser, not slower', async () => {
  const month = { from: HOUR, to: HOUR + 31 * 24 };
  const { ask } = kit(month, 0);
  expect((await ask(month.from, month.to)).hourStep).toBe(1);
  const dense = new MadeHours({ ...SITE, pollsAnHour: 120 }, month);
  const query = new MetricQuery({
    db,
    hours: new DecodedHours({ chunks: dense }),
    clock: { ...systemClock, monotonic: () => 0 },
  });
  const { hourStep } = await query.range({
    ...{ device: deviceNo(1), relays: [linkNo(1).relay], names: ['process.total'], maxPoints: 600, intervalMs: 30_000 },
    ...{ from: month.from * HOUR_MS, to: month.to * HOUR_MS },
  });
  expect(hourStep).toBe(8);
});
