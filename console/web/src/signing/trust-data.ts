// The charters of sites, read as they were signed: whose keys count, and for how much.
import { type QueryClient, queryOptions, useQueries } from '@tanstack/react-query';
import { exactApi } from '#console/web/src/api/api.ts';
import type { Charter } from '#shared/model/charter.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';

export const charterQuery = (siteId: string) =>
  queryOptions({
    queryKey: ['sites', siteId, 'charter', 'read'],
    queryFn: async ({ signal }) => readCharter((await exactApi.sites.charter({ id: siteId }, { signal })).signed),
  });

/** Of every site, read anew: what is signed names the version that is in force now. */
export async function freshCharters(queries: QueryClient, siteIds: ReadonlySet<string>): Promise<Map<string, Charter>> {
  const read = async (id: string) => [id, await queries.fetchQuery({ ...charterQuery(id), staleTime: 0 })] as const;
  return new Map(await Promise.all([...siteIds].map(read)));
}

/** Those that could be read; who shows an order says what is missing by itself. */
export function useCharters(siteIds: readonly string[]): Charter[] {
  const read = useQueries({ queries: siteIds.map(charterQuery) });
  return read.flatMap(({ data }) => (data === undefined ? [] : [data]));
}
