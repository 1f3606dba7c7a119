// A clock on which everything passes faster: hours become due and quiet minutes pass in seconds, for all parts of a console alike.
import type { Clock } from '#shared/base/clock.ts';
import { systemClock } from '#shared/base/clock.ts';

/** `speed` 1 is the system's own clock. Deadlines of links and loops come as much sooner as the rest. */
export function fastClock(speed: number, inner: Clock = systemClock): Clock {
  const began = { now: inner.now(), monotonic: inner.monotonic() };
  const passed = () => (inner.monotonic() - began.monotonic) * speed;
  return {
    now: () => Math.floor(began.now + passed()),
    monotonic: () => began.monotonic + passed(),
    sleep: (ms, signal) => inner.sleep(ms / speed, signal),
  };
}

/** The inner clock, but that it is `at` when this is called. */
export function clockFrom(at: number, inner: Clock = systemClock): Clock {
  const ahead = at - inner.now();
  return {
    now: () => inner.now() + ahead,
    monotonic: () => inner.monotonic(),
    sleep: (ms, signal) => inner.sleep(ms, signal),
  };
}
