// The rows of the trail: pages backwards, and what is written while one looks.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { may } from '#console/web/src/rights/may.ts';
import type { auditFilter } from './audit-search.ts';
import { hasGap, merged } from './merged-rows.ts';

export type AuditRow = Awaited<ReturnType<typeof api.audit.list>>['items'][number];
export type Verdict = Awaited<ReturnType<typeof api.audit.verify>>;
type Filter = ReturnType<typeof auditFilter>;

/** Two screens of a desk. */
const PAGE = 100;
const FRESH_MS = 3_000;

export function useTrail(filter: Filter) {
  const pages = useInfiniteQuery({
    queryKey: ['audit', 'pages', filter],
    queryFn: ({ pageParam, signal }) =>
      api.audit.list({ ...filter, limit: PAGE, ...(pageParam !== '' && { cursor: pageParam }) }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // What is older does not change: what is newer is asked for below.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const newest = useQuery({
    queryKey: ['audit', 'newest', filter],
    queryFn: async ({ signal }) => (await api.audit.list({ ...filter, limit: PAGE }, { signal })).items,
    enabled: pages.data !== undefined,
    refetchInterval: FRESH_MS,
  });
  const older = useMemo(() => pages.data?.pages.flatMap(({ items }) => items), [pages.data]);
  // Until the rows of another filter have come, those of the former one stand by themselves.
  const lately = pages.isPlaceholderData ? undefined : newest.data;
  const isTorn = hasGap(lately ?? [], older ?? [], PAGE);
  const { refetch } = pages;
  const { dataUpdatedAt } = newest;
  // All pages anew, one after another: a hole in a trail is shown to nobody. At most once for each look at the newest.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a look that came is what it waits for
  useEffect(() => {
    if (isTorn) void refetch({ cancelRefetch: false });
  }, [isTorn, dataUpdatedAt, refetch]);
  const rows = useMemo(() => older && (isTorn ? older : merged(lately ?? [], older)), [older, isTorn, lately]);
  return { rows, pages };
}

/** Names of people, where one may see them; else their ids stand there. */
export function usePeopleNames(): ReadonlyMap<string, string> {
  const read = useQuery({
    queryKey: ['people'],
    queryFn: async ({ signal }) => (await api.people.list(undefined, { signal })).items,
    enabled: may('person.read'),
    retry: false,
  });
  return useMemo(() => new Map((read.data ?? []).map(({ id, name }) => [id, name])), [read.data]);
}

export const useVerdict = (isAsked: boolean) =>
  useQuery({
    queryKey: ['audit', 'verdict'],
    queryFn: ({ signal }) => api.audit.verify({ witness: true }, { signal }),
    enabled: isAsked,
    retry: false,
    // A proof is of the moment in which it was asked for.
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
