// The table says who won: more is better for speed, less for bytes, and a row under its floor is lost.
import { expect, test } from 'vitest';
import { ratioTable } from './ratio-table.ts';

test('speed and bytes are judged each their way', () => {
  const speed = { metric: 'speed', ours: 90, peer: 10, floor: 4, goal: 8, isMoreBetter: true };
  const bytes = { metric: 'bytes', ours: 0.9, peer: 1, floor: 0.95, goal: 0.87, isMoreBetter: false };
  const table = ratioTable([
    speed,
    bytes,
    { ...speed, metric: 'slow', ours: 30 },
    { ...bytes, metric: 'fat', ours: 1 },
  ]);
  expect(table.figures).toEqual({ speed: 9, bytes: 0.9, slow: 3, fat: 1 });
  expect(table.lost).toBe(2);
  expect(table.text.split('\n').map((line) => line.split(' | ').at(-1))).toEqual([
    ...['verdict', '---', 'goal', 'floor', 'lost', 'lost'],
  ]);
});
