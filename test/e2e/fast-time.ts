// Time that passes faster for whole programs: libfaketime turns their clocks, timers and waits, so twenty minutes pass in one.
import { type EpochMs, systemClock } from '#shared/base/clock.ts';

const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

export interface FastTime {
  /** What a program started under `env` takes for now. */
  now(): EpochMs;
  /** What that was, or will be, at a moment of our own clock. */
  at(real: EpochMs): EpochMs;
  /** For a program that starts this moment: one that starts later is set ahead by what passed. */
  env(): Readonly<Record<string, string>>;
  /** Sleeps until so much has passed for the programs. */
  sleep(ms: number): Promise<void>;
  speed: number;
}

/** `speed` 1 is the time of everybody. */
export function fastTime(speed: number): FastTime {
  const began = systemClock.now();
  const at = (real: EpochMs) => Math.floor(began + (real - began) * speed);
  return {
    speed,
    at,
    now: () => at(systemClock.now()),
    sleep: (ms) => systemClock.sleep(ms / speed),
    env: () => {
      if (speed === 1) return {};
      const aheadS = ((systemClock.now() - began) * (speed - 1)) / 1_000;
      // Its own children go on from where it is.
      return { LD_PRELOAD: FAKETIME, FAKETIME: `+${aheadS.toFixed(3)} x${speed}`, FAKETIME_DONT_RESET: '1' };
    },
  };
}
