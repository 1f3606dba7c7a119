// Time as an argument: wall time for people and records, monotonic time for waits.

/** Milliseconds since 1970-01-01 UTC, an integer. */
export type EpochMs = number;

export interface Clock {
  /** Wall time, integer milliseconds UTC; may jump. Never order by it. */
  now(): EpochMs;
  /** Milliseconds from an arbitrary origin; never jumps. Deadlines and durations use this one. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

export const HOUR_MS = 3_600_000;

/** The UTC hour a time belongs to: whole hours since 1970-01-01. Chains and blobs never cross it. */
export const hourOf = (at: EpochMs): number => Math.floor(at / HOUR_MS);
