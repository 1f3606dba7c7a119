// A media query as a value.
import { useCallback, useSyncExternalStore } from 'react';

/** One for each query: components ask with every render. */
const lists = new Map<string, MediaQueryList>();

function mediaOf(query: string): MediaQueryList {
  const media = lists.get(query) ?? matchMedia(query);
  lists.set(query, media);
  return media;
}

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = mediaOf(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => mediaOf(query).matches);
}

/** Below it tables become cards. */
export const useIsNarrow = (): boolean => useMedia('(width < 640px)');
