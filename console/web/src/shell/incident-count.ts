// Incidents that nobody has taken yet: how many, for the navigation.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { useMayRead } from '#console/web/src/rights/may.ts';

export const incidentCountsQuery = queryOptions({
  queryKey: ['incidents', 'counts'],
  queryFn: ({ signal }) => api.incidents.counts(undefined, { signal }),
  // The feed says what changes; a silence that runs out is told by no change.
  refetchInterval: 60_000,
});

export const useUntakenCount = (): number =>
  useQuery({ ...incidentCountsQuery, enabled: useMayRead('alert.read') }).data?.unacknowledged ?? 0;
