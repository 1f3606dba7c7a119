// What the person who is signed in may do somewhere: pages show no button that can only fail. The console alone decides.
import { useSyncExternalStore } from 'react';
import { isVerbHeld } from './verb-pattern.ts';

/** Until the console has said it, nothing is hidden: a page that comes early is not drawn twice. */
const UNKNOWN: readonly string[] = ['*'];
let held = UNKNOWN;
const listeners = new Set<() => void>();

/** The patterns of `GET /me`. */
export function setHeldVerbs(patterns: readonly string[]): void {
  if (
    held !== UNKNOWN &&
    patterns.length === held.length &&
    patterns.every((pattern, index) => pattern === held[index])
  )
    return;
  held = patterns;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether a verb such as "site.write" is held anywhere; a part of the page without a verb is for everybody. */
export const may = (verb: string | undefined): boolean => verb === undefined || isVerbHeld(held, verb);

export const useHeldVerbs = (): readonly string[] => useSyncExternalStore(subscribe, () => held);

export const useMay = (verb: string | undefined): boolean => useSyncExternalStore(subscribe, () => may(verb));

/** For what is read by itself, and not at a press: nothing is asked that may turn out to be refused. */
export const useMayRead = (verb: string): boolean =>
  useSyncExternalStore(subscribe, () => held !== UNKNOWN && may(verb));
