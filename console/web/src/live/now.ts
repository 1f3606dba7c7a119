// The console's time, as this browser reckons it, and a beat that ages are counted by.
import { useSyncExternalStore } from 'react';

/** Clocks nearer than this are the same clock: the answer's own travel makes such differences. */
const NEGLIGIBLE_MS = 2_000;
let offsetMs = 0;

/** Takes the console's own time from an answer; ages are then right on a machine whose clock is not. */
export function learnConsoleTime(consoleNow: number): void {
  const difference = consoleNow - Date.now();
  offsetMs = Math.abs(difference) < NEGLIGIBLE_MS ? 0 : difference;
}

export const consoleNow = (): number => Date.now() + offsetMs;

/** Something that beats, and what it read last. */
export interface Beat {
  subscribe: (listener: () => void) => () => void;
  read: () => number;
}

/** One timer for all who look, and none when nobody does. */
function beatOf(everyMs: number): Beat {
  const listeners = new Set<() => void>();
  let now = consoleNow();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now = consoleNow();
    for (const listener of listeners) listener();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    timer ??= setInterval(tick, everyMs);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
  const read = () => {
    // After a pause without listeners the kept time is old.
    if (timer === undefined) now = consoleNow();
    return now;
  };
  return { subscribe, read };
}

const everySecond = beatOf(1_000);
/** For tables and charts: calm, and one drawing where five would be. */
export const everyFive = beatOf(5_000);

export const useSecond = (): number => useSyncExternalStore(everySecond.subscribe, everySecond.read);
export const useFiveSeconds = (): number => useSyncExternalStore(everyFive.subscribe, everyFive.read);
