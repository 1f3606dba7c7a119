// Relays with the state of their links, kept fresh by the feed.
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { useMayRead } from '#console/web/src/rights/may.ts';
import type { RelaySummary } from '#shared/contract/relay-contract.ts';
import type { RelayChange } from '#shared/model/change.ts';

/** The API's answer; ids are plain texts here. */
export type RelayRow = Omit<RelaySummary, 'id' | 'siteId'> & {
  id: string;
  siteId: string;
  /** Batches the relay holds that the console has not stored. */
  backlog: number;
};

const KEY = ['relays'];

const backlogOf = (lanes: RelaySummary['lanes']): number =>
  lanes.reduce((sum, { next, received }) => sum + (next === null ? 0 : Math.max(0, next - 1 - received)), 0);

async function readRelays(signal: AbortSignal): Promise<RelayRow[]> {
  const { items } = await api.relays.list(undefined, { signal });
  return items.filter((relay) => !relay.isRevoked).map((relay) => ({ ...relay, backlog: backlogOf(relay.lanes) }));
}

export const useRelays = () =>
  useQuery({ queryKey: KEY, queryFn: ({ signal }) => readRelays(signal), enabled: useMayRead('relay.read') });

/** False when the list does not know the relay. */
export function takeRelayChange(queries: QueryClient, change: RelayChange): boolean {
  const relays = queries.getQueryData<RelayRow[]>(KEY);
  if (relays?.some((relay) => relay.id === change.relay) !== true) return false;
  const { isConnected, backlog, at } = change;
  queries.setQueryData<RelayRow[]>(KEY, (rows) =>
    rows?.map((row) => (row.id === change.relay ? { ...row, isConnected, backlog, lastSeenAt: at } : row)),
  );
  return true;
}
