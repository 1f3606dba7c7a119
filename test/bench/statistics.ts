// Medians and percentiles of measured times, and CPU time of our own.

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** The smallest value that `ratio` of all values do not exceed; NaN for none, which no limit forgives. */
export function percentile(values: readonly number[], ratio: number): number {
  const list = sorted(values);
  return list[Math.min(list.length - 1, Math.max(0, Math.ceil(list.length * ratio) - 1))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Two digits after the point: what a line of figures needs. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;

/** CPU seconds of our own, so that a neighbour's work does not count. */
export function cpuSeconds(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
