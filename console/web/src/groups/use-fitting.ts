// How many devices fit a rule while one types it, asked of the console when one pauses.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';

/** Every letter would be a question to the console. */
const PAUSE_MS = 400;

export function usePaused<Value>(value: Value, ms = PAUSE_MS): Value {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return paused;
}

/** Undefined while it is not known; nothing is asked for a rule that does not read. */
export function useFitting(rule: string, isReadable: boolean): number | undefined {
  const q = usePaused(rule.trim());
  const read = useQuery({
    queryKey: ['facets', q],
    queryFn: ({ signal }) => api.devices.facets({ q }, { signal }),
    enabled: isReadable && q !== '',
    placeholderData: keepPreviousData,
  });
  return isReadable && q !== '' ? read.data?.total : undefined;
}
