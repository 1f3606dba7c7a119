// Which dialog is on top: the rest of the page is inert below it, so whatever must still be heard moves into it.
import { useSyncExternalStore } from 'react';

const open: HTMLElement[] = [];
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

/** Returns what takes it down again. */
export function enterTopLayer(element: HTMLElement): () => void {
  open.push(element);
  tell();
  return () => {
    open.splice(open.indexOf(element), 1);
    tell();
  };
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const top = (): HTMLElement => open.at(-1) ?? document.body;

/** The topmost open dialog, else the body. */
export const useTopLayer = (): HTMLElement => useSyncExternalStore(subscribe, top);
