// What pages read of sealed variables: names, versions and places, never a value.
import { useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';

/** A relay says within a second that it holds one; nobody waits longer than this to see it. */
const FRESH_MS = 5_000;

export const VARIABLES = ['variables'];

/** `siteId` undefined: of every site. */
export const useVariables = (siteId?: string) =>
  useQuery({
    queryKey: [...VARIABLES, siteId ?? 'all'],
    refetchInterval: FRESH_MS,
    queryFn: async ({ signal }) => (await api.variables.list(siteId === undefined ? {} : { siteId }, { signal })).items,
  });
