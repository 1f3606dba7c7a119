// Buckets and values as charts take them: times of middles, null where nothing is known, and a gap stays a gap.
import { averageAt } from './bucket-lines.ts';
import { type Chart, downsample } from './downsample.ts';
import type { BucketLine, PointLine } from './metric-engine.ts';

const orNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

/** Two polls that did not come are a gap, one that came late is none. */
const GAP_INTERVALS = 2;

/** `intervalMs`: how often the device is polled; empty buckets that are shorter than that say nothing. */
export function drawBuckets(line: BucketLine, shape: { from: number; stepMs: number; intervalMs: number }): Chart {
  const chart: Chart = { at: [], min: [], avg: [], max: [] };
  let empty = 0;
  for (let place = 0; place < line.count.length; place += 1) {
    if ((line.count[place] ?? 0) === 0) {
      empty += 1;
      continue;
    }
    const middle = Math.floor(shape.from + (place + 0.5) * shape.stepMs);
    if (empty > 0 && chart.at.length > 0 && empty * shape.stepMs >= GAP_INTERVALS * shape.intervalMs) {
      chart.at.push(Math.floor(middle - (empty + 1) * 0.5 * shape.stepMs));
      for (const values of [chart.min, chart.avg, chart.max]) values.push(null);
    }
    empty = 0;
    chart.at.push(middle);
    chart.min.push(orNull(line.min[place]));
    chart.avg.push(orNull(averageAt(line, place)));
    chart.max.push(orNull(line.max[place]));
  }
  return chart;
}

export function drawPoints(
  parts: readonly PointLine[],
  ask: { from: number; to: number; maxPoints: number; intervalMs: number },
): Chart {
  const points = parts.flatMap(({ at, values }) => Array.from(at, (time, i) => ({ time, value: orNull(values[i]) })));
  points.sort((a, b) => a.time - b.time);
  return downsample({ at: points.map(({ time }) => time), values: points.map(({ value }) => value) }, ask);
}
