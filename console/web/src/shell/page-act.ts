// A wish from elsewhere that a page carries out once it stands, such as "make a site" chosen in the palette.
import { useEffect, useSyncExternalStore } from 'react';
import type { OperationName } from '#console/web/src/verbs/operation-name.ts';

let wanted: OperationName | undefined;
const listeners = new Set<() => void>();

export function wantAct(operation: OperationName | undefined): void {
  wanted = operation;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The page's way to open the form of an operation; `run` is what its own button does. */
export function usePageAct(operation: OperationName, run: () => void): void {
  const isWanted = useSyncExternalStore(subscribe, () => wanted === operation);
  useEffect(() => {
    if (!isWanted) return;
    wantAct(undefined);
    run();
  });
}
