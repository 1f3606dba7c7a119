// What the pages of people read, and how they learn that it changed.
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api } from '#console/web/src/api/api.ts';

export type Person = Awaited<ReturnType<typeof api.people.list>>['items'][number];
export type Grant = Person['grants'][number];
export type Role = Awaited<ReturnType<typeof api.roles.list>>['items'][number];

/** The feed does not tell of people: whoever looks sees within half a minute what others changed. */
const REREAD_MS = 30_000;

export const usePeople = (isWanted = true) =>
  useQuery({
    queryKey: ['people'],
    enabled: isWanted,
    queryFn: async ({ signal }) => (await api.people.list(undefined, { signal })).items,
    refetchInterval: REREAD_MS,
  });

export const usePerson = (id: string) =>
  useQuery({
    queryKey: ['people', id],
    queryFn: ({ signal }) => api.people.show({ id }, { signal }),
    refetchInterval: REREAD_MS,
  });

/** They are part of the program: read once. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: async ({ signal }) => (await api.roles.list(undefined, { signal })).items,
  staleTime: Number.POSITIVE_INFINITY,
});

export function useRereadPeople(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(() => queries.invalidateQueries({ queryKey: ['people'] }), [queries]);
}
