// Restarts are found whether each poll is a point or one point stands for hours.
import { expect, test } from 'vitest';
import { restartsIn } from './restarts.ts';

const HOUR = 3_600_000;
const exact = (pairs: ReadonlyArray<[number, number | null]>) => {
  const avg = pairs.map(([, value]) => value);
  return { at: pairs.map(([at]) => at), avg, min: avg, max: avg };
};

test('an uptime that begins again is one restart, at the moment it counted from', () => {
  const at = [0, 1, 2, 3, 4].map((n) => n * 10_000_000);
  const started = 25_000_000;
  const uptimes = at.map((time): [number, number] => [time, time < started ? time + 9 * HOUR : time - started]);
  expect(restartsIn(exact(uptimes))).toEqual([started]);
});

test('a clock that drifts, a gap, and a steady device are no restart', () => {
  const pairs: Array<[number, number | null]> = [
    [0, 5 * HOUR],
    [10_000, 5 * HOUR + 9_000],
    [20_000, null],
    [10 * HOUR, 15 * HOUR + 20_000],
  ];
  expect(restartsIn(exact(pairs))).toEqual([]);
});

test('where points stand for half days, the point with the restart in it is passed over and the next one tells', () => {
  const step = 12 * HOUR;
  const started = 2.25 * step;
  const at = [0.5, 1.5, 2.5, 3.5].map((n) => n * step);
  const before = (time: number) => time + 1_000 * HOUR;
  const points = {
    at,
    avg: [before(0.5 * step), before(1.5 * step), 250 * HOUR, 3.5 * step - started],
    min: [before(0), before(step), 0, 3 * step - started],
    max: [before(step), before(2 * step), before(started), 4 * step - started],
  };
  expect(restartsIn(points)).toEqual([started]);
});
