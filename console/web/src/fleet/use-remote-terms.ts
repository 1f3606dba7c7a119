// Asks the console for the terms that only it can answer, and marks the devices that fit.
import { useQueries } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { fleet, useLoads } from './fleet.ts';

/** The API's largest page; a fleet is 25 of them. */
const PAGE = 1_000;
const MAX_PAGES = 25;
/** No reading is called so: the answer is only wanted for its ids. */
const NO_READINGS = 'none';

async function idsOf(q: string, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await api.devices.list(
      { q, limit: PAGE, names: NO_READINGS, ...(cursor === undefined ? {} : { cursor }) },
      { signal },
    );
    for (const { id } of answer.items) ids.push(id);
    if (answer.nextCursor === null) return ids;
    cursor = answer.nextCursor;
  }
  return ids;
}

export interface RemoteState {
  isAsking: boolean;
  error: unknown;
}

export function useRemoteTerms(terms: readonly string[]): RemoteState {
  const loads = useLoads();
  const answers = useQueries({
    queries: terms.map((term) => ({
      queryKey: ['fleet-term', term],
      queryFn: ({ signal }: { signal: AbortSignal }) => idsOf(term, signal),
    })),
  });
  const newest = answers.map(({ dataUpdatedAt }) => dataUpdatedAt).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the times of the answers stand for the answers, which are another list at every render
  useEffect(() => {
    for (const [index, term] of terms.entries()) {
      const ids = answers[index]?.data;
      if (ids !== undefined) fleet.mark(term, ids);
    }
  }, [terms, newest, loads]);
  return {
    isAsking: answers.some(({ isPending, isError }) => isPending && !isError),
    error: answers.find(({ isError }) => isError)?.error,
  };
}
