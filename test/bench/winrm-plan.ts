// How much the WinRM bench does, in full and under --quick.

export interface WinrmPlan {
  devices: number;
  intervalMs: number;
  cycles: number;
  /** Share of the devices that accept a connection, or hold one, and never answer. */
  blackHoled: number;
  blackHoledCycles: number;
  /** Polls under way at once, and the time one may take. */
  concurrency: number;
  timeoutMs: number;
  /** How often the relay with a wrong password from the start polls: sooner, so that all devices come due. */
  wrongIntervalMs: number;
}

export const FULL_WINRM_PLAN: WinrmPlan = {
  devices: 500,
  intervalMs: 60_000,
  cycles: 5,
  blackHoled: 0.2,
  blackHoledCycles: 2,
  concurrency: 64,
  timeoutMs: 20_000,
  wrongIntervalMs: 5_000,
};

/** Fits 8 s with the start of two labs and two relays. */
export const QUICK_WINRM_PLAN: WinrmPlan = {
  ...FULL_WINRM_PLAN,
  devices: 16,
  intervalMs: 1_000,
  cycles: 1,
  blackHoledCycles: 1,
  wrongIntervalMs: 400,
};
