// When a device was started, read from how its uptime falls back, also where one point stands for many polls.

interface Points {
  at: readonly number[];
  avg: ReadonlyArray<number | null>;
  min: ReadonlyArray<number | null>;
  max: ReadonlyArray<number | null>;
}

/** Clocks drift, and the middle of a bucket is not the middle of its polls. */
const LEAST_SLACK_MS = 60_000;

/** The times of starting within the points, oldest first; one that was before the first point is not among them. */
export function restartsIn({ at, avg, min, max }: Points): number[] {
  const found: number[] = [];
  const slack = Math.max(LEAST_SLACK_MS, 0.6 * stepOf(at));
  let known: number | undefined;
  for (const [index, time] of at.entries()) {
    const [middle, low, high] = [avg[index], min[index], max[index]];
    // A point with a restart within it says nothing about when it was: the next one does.
    if (middle == null || low == null || high == null || high - low > 2 * slack) continue;
    const started = time - middle;
    if (known !== undefined && started - known > slack) found.push(Math.round(started));
    known = started;
  }
  return found;
}

function stepOf(at: readonly number[]): number {
  const steps = at.slice(1).map((time, i) => time - (at[i] ?? time));
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}
