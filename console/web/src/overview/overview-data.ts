// What the overview reads, and what it makes of it: states of sites, counts within the chosen part of the estate.
import { useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { learnConsoleTime } from '#console/web/src/live/now.ts';

/** Changes are told by the feed; rates and ages grow old without one. */
const REREAD_MS = 10_000;

async function readOverview(signal: AbortSignal) {
  const overview = await api.system.overview(undefined, { signal });
  learnConsoleTime(overview.now);
  return overview;
}

export const useOverview = () =>
  useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => readOverview(signal),
    refetchInterval: REREAD_MS,
  });

export type OverviewData = NonNullable<ReturnType<typeof useOverview>['data']>;
