// How much time one point of a chart stands for.

interface Points {
  at: readonly number[];
}

/** The usual distance of points; never finer than the polls, and what the span holds where nothing is known. */
export function resolutionOf(series: readonly Points[], spanMs: number, intervalMs: number): number {
  const longest = series.reduce<readonly number[]>((best, { at }) => (at.length > best.length ? at : best), []);
  const steps = longest.slice(1).map((time, index) => time - (longest[index] ?? time));
  steps.sort((a, b) => a - b);
  const middle = steps[Math.floor(steps.length / 2)];
  return Math.min(spanMs, Math.max(middle ?? intervalMs, 1_000));
}
