// How much the poll bench does, in full and under --quick.

export interface PollPlan {
  devices: number;
  intervalMs: number;
  sweeps: number;
  execs: number;
  frozenShare: number;
  /** With the frozen share and without, one after the other. */
  rounds: number;
  roundIntervalMs: number;
  roundMs: number;
  /** The relay's bounds. */
  concurrency: number;
  timeoutMs: number;
  /** How far back the hot cache is filled, and how densely. */
  prefill: { hours: number; intervalMs: number };
}

export const FULL_POLL_PLAN: PollPlan = {
  devices: 500,
  intervalMs: 60_000,
  sweeps: 3,
  execs: 500,
  frozenShare: 0.1,
  rounds: 5,
  // Shorter than the promise's minute, so that each 99th percentile stands on nearly a thousand polls.
  roundIntervalMs: 15_000,
  roundMs: 30_000,
  concurrency: 64,
  timeoutMs: 10_000,
  prefill: { hours: 24, intervalMs: 60_000 },
};

/** Fits 20 s with the start of two sshd and of a relay. */
export const QUICK_POLL_PLAN: PollPlan = {
  ...FULL_POLL_PLAN,
  devices: 40,
  intervalMs: 1_500,
  sweeps: 1,
  execs: 40,
  rounds: 1,
  roundIntervalMs: 1_000,
  roundMs: 1_500,
  prefill: { hours: 6, intervalMs: 60_000 },
};
