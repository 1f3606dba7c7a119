// Orders that wait for a person's signature: how many, for the navigation, and which, for their page.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { useMayRead } from '#console/web/src/rights/may.ts';
import { firstOfEach } from './first-of-each.ts';

/** More than people look at in one sitting; the rest comes when these are gone. */
const MAX_ROWS = 200;

export const waitingOrdersQuery = queryOptions({
  queryKey: ['orders', 'list-waiting'],
  queryFn: async ({ signal }) => {
    const { items } = await api.actions.list({ state: 'waiting-for-signature', limit: MAX_ROWS }, { signal });
    return firstOfEach(items);
  },
  // The feed says when one comes or goes; that its time ran out is told by no change.
  refetchInterval: 60_000,
});

export const useWaitingCount = (): number =>
  useQuery({ ...waitingOrdersQuery, enabled: useMayRead('action.read') }).data?.length ?? 0;
