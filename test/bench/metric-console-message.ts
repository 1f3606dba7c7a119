// What a metric bench and its console child say to each other over the process channel.

export type MetricConsoleRequest =
  /** `startsAt`: what its clock says at the start, in place of the system's time. */
  | { op: 'start'; data: string; speed: number; startsAt?: number }
  /** Begins to measure the loop anew, and says what it was until now. */
  | { op: 'loop' }
  /** The child stops what it started and ends by itself. */
  | { op: 'stop' };

export interface Loop {
  p99Ms: number;
  maxMs: number;
  /** The same by the loop's own processor time: what a neighbour's work does not make longer. */
  cpuP99Ms: number;
  cpuMaxMs: number;
}

export type MetricConsoleReply = { op: 'done' } | ({ op: 'loop' } & Loop) | { op: 'failed'; error: string };
