// What the console finds for a text: asked a moment after the last key, and no longer waited for when the text changed.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { stillFitting } from './match.ts';

/** Shorter than the pause between two words, longer than between two keys. */
const SETTLE_MS = 80;
/** One screen of the palette. */
const LIMIT = 12;

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function useHits(text: string) {
  const q = useSettled(text.trim());
  const read = useQuery({
    queryKey: ['search', q],
    // The signal ends the former request when nobody looks at its answer any more.
    queryFn: ({ signal }) => api.system.search({ q, limit: LIMIT }, { signal }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
    retry: false,
    // A device that was just added shall be found.
    staleTime: 5_000,
    gcTime: 30_000,
  });
  const isFor = q !== '' && text.trim() !== '';
  const isOld = read.isPlaceholderData || text.trim() !== q;
  const hits = isFor ? (read.data?.hits ?? []) : [];
  return {
    hits: isOld ? stillFitting(hits, text) : hits,
    more: isFor && !isOld ? (read.data?.total ?? 0) - hits.length : 0,
    isWaiting: isFor && (read.isFetching || text.trim() !== q),
    isFault: isFor && read.isError,
  };
}
export type Hit = ReturnType<typeof useHits>['hits'][number];
