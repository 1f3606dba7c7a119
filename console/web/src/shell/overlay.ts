// Which of the frame's own dialogs is open: one at most, opened from keys, buttons and the palette alike.
import { useSyncExternalStore } from 'react';

export type Overlay = 'palette' | 'keys' | 'drawer';

let open: Overlay | undefined;
const listeners = new Set<() => void>();

export function showOverlay(next: Overlay | undefined): void {
  open = next;
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useOverlay = (): Overlay | undefined => useSyncExternalStore(subscribe, () => open);
