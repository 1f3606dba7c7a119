// Makes any number of points fit a chart: min, average and maximum per bucket, and a gap stays a gap.

export interface Points {
  /** Rising times. */
  at: readonly number[];
  /** Parallel to `at`; null is unknown. */
  values: ReadonlyArray<number | null>;
}

export interface Chart {
  at: number[];
  min: Array<number | null>;
  avg: Array<number | null>;
  max: Array<number | null>;
}

export interface ChartSpan {
  from: number;
  to: number;
  maxPoints: number;
  /** How often the device is polled; a silence of 2.5 intervals is a gap. */
  intervalMs: number;
}

/** One late poll is no gap, two missed ones are. */
const GAP_INTERVALS = 2.5;

function gapAfterMs(at: readonly number[], intervalMs: number): number {
  const steps = at.slice(1).map((time, i) => time - (at[i] ?? time));
  steps.sort((a, b) => a - b);
  return GAP_INTERVALS * Math.max(intervalMs, steps[Math.floor(steps.length / 2)] ?? 0);
}

function push(chart: Chart, at: number, min: number | null, avg: number | null, max: number | null): void {
  chart.at.push(at);
  chart.min.push(min);
  chart.avg.push(avg);
  chart.max.push(max);
}

/** Every point as it is, with one null inside each gap. */
function asTheyAre(points: Points, gapMs: number): Chart {
  const chart: Chart = { at: [], min: [], avg: [], max: [] };
  let before: number | undefined;
  for (const [i, at] of points.at.entries()) {
    if (before !== undefined && at - before > gapMs) push(chart, Math.floor((before + at) / 2), null, null, null);
    const value = points.values[i] ?? null;
    push(chart, at, value, value, value);
    before = at;
  }
  return chart;
}

interface Bucket {
  min: number;
  max: number;
  sum: number;
  known: number;
}

function bucketsOf(points: Points, span: ChartSpan, widthMs: number): Array<Bucket | undefined> {
  const buckets: Array<Bucket | undefined> = new Array(span.maxPoints).fill(undefined);
  for (const [i, at] of points.at.entries()) {
    const index = Math.min(span.maxPoints - 1, Math.floor((at - span.from) / widthMs));
    const value = points.values[i] ?? null;
    let bucket = buckets[index];
    if (bucket === undefined) {
      bucket = { min: Infinity, max: -Infinity, sum: 0, known: 0 };
      buckets[index] = bucket;
    }
    if (value === null) continue;
    bucket.min = Math.min(bucket.min, value);
    bucket.max = Math.max(bucket.max, value);
    bucket.sum += value;
    bucket.known += 1;
  }
  return buckets;
}

/** At most `maxPoints` points of [from, to]; points outside are left out. */
export function downsample(all: Points, span: ChartSpan): Chart {
  const inside = all.at.flatMap((at, i) => (at >= span.from && at <= span.to ? [i] : []));
  const points = { at: inside.map((i) => all.at[i] ?? 0), values: inside.map((i) => all.values[i] ?? null) };
  if (points.at.length <= span.maxPoints) {
    const chart = asTheyAre(points, gapAfterMs(points.at, span.intervalMs));
    if (chart.at.length <= span.maxPoints) return chart;
  }
  const widthMs = Math.max(1, (span.to - span.from) / span.maxPoints);
  const thinned: Chart = { at: [], min: [], avg: [], max: [] };
  let isInGap = true; // before the first bucket there is nothing to break off
  for (const [i, bucket] of bucketsOf(points, span, widthMs).entries()) {
    const middle = Math.floor(span.from + (i + 0.5) * widthMs);
    if (bucket === undefined || bucket.known === 0) {
      if (!isInGap) push(thinned, middle, null, null, null);
      isInGap = true;
      continue;
    }
    isInGap = false;
    push(thinned, middle, bucket.min, bucket.sum / bucket.known, bucket.max);
  }
  return thinned;
}
