// Counts for the title, and the console's clock. Hidden tabs ask too: their title is what they are kept for.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { learnConsoleTime } from '#console/web/src/live/now.ts';
import { setDownCount } from './page-title.ts';

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => api.system.status(undefined, { signal }),
});

export function useStatus(isSignedIn: boolean): void {
  const { data } = useQuery({
    ...statusQuery,
    enabled: isSignedIn,
    refetchInterval: 60_000,
    refetchIntervalInBackground: true,
  });
  useEffect(() => {
    if (data === undefined) return;
    learnConsoleTime(data.now);
    setDownCount(data.devices['down'] ?? 0);
  }, [data]);
}
