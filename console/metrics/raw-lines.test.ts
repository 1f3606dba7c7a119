// A chart of a device that means harm takes no more than its bound.
import { expect, test } from 'vitest';
import type { StoredSeries } from '#shared/day-files/day-store.ts';
import { MAX_CELLS } from './bucket-lines.ts';
import { RawLines } from './raw-lines.ts';

const LINES = 1_024;
const ROWS = 2_048;

/** An hour that fills a chunk: as many columns as it holds, and as many rows as then fit. */
const times = Float64Array.from({ length: ROWS }, (_, n) => n * 1_000);
const hour = {
  times,
  series: Uint32Array.from({ length: LINES }, (_, n) => n),
  values: new Float64Array(LINES * ROWS),
};
const seriesOf = (number: number): StoredSeries => ({
  ...{ name: 'memory.available', instance: String(number), unit: 'bytes', kind: 'gauge', resolution: 1 },
});
const ask = { names: ['memory.available'], from: 0, to: ROWS * 1_000, maxLines: 2_048 };

test('points of many hours full of lines end at the bound', () => {
  const lines = new RawLines({ ...ask, stepMs: 0 });
  for (let n = 0; n < 3; n += 1) lines.add(hour, seriesOf, undefined);
  const cells = lines.take().points.reduce((sum, line) => sum + line.values.length, 0);
  expect(cells).toBeGreaterThanOrEqual(MAX_CELLS);
  expect(cells).toBeLessThan(MAX_CELLS + ROWS);
});

test('buckets of many lines end at the bound', () => {
  const lines = new RawLines({ ...ask, to: 5_000 * 1_000 - 1, stepMs: 1_000 });
  lines.add(hour, seriesOf, undefined);
  const made = lines.take().lines;
  expect(made).toHaveLength(Math.floor(MAX_CELLS / 5_000));
  expect(made[0]?.count).toHaveLength(5_000);
});
