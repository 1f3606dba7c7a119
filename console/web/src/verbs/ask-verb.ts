// Asks for a verb from anywhere: a bulk bar, the palette, a page's own button. The frame shows its dialog.
import { useSyncExternalStore } from 'react';
import type { VerbName } from './verbs.ts';

export interface ChosenDevices {
  ids: readonly string[];
  /** Of a single one, to name it. */
  name?: string;
  /** The fleet's filter, when the choice is all it shows: an export then needs no list of ids. */
  filter?: string;
}

export interface AskedVerb {
  verb: VerbName;
  devices: ChosenDevices;
  /** Once it is done. */
  onDone?: () => void;
}

let asked: AskedVerb | undefined;
const listeners = new Set<() => void>();

function set(next: AskedVerb | undefined): void {
  asked = next;
  for (const listener of listeners) listener();
}

export const askVerb = (next: AskedVerb): void => set(next);
export const endVerb = (): void => set(undefined);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useAskedVerb = (): AskedVerb | undefined => useSyncExternalStore(subscribe, () => asked);
