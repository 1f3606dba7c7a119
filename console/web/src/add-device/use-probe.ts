// What the relay sees at an address: asked when one pauses, dropped when the address changes.
import { useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { usePaused } from '#console/web/src/groups/use-fitting.ts';
import { isAddress } from './device-draft.ts';

export type Probed = Awaited<ReturnType<typeof api.relays.probe>>;

interface ProbeAsk {
  relayId: string;
  isLinked: boolean;
  address: string;
  /** Looked at beside the usual ones; empty for those alone. */
  port: string;
}

export function useProbe(ask: ProbeAsk) {
  const now = `${ask.address.trim()} ${/^\d{1,5}$/.test(ask.port.trim()) ? ask.port.trim() : ''}`;
  const paused = usePaused(now);
  const [address = '', port = ''] = paused.split(' ');
  const isAsked = ask.isLinked && ask.relayId !== '' && isAddress(address);
  const read = useQuery({
    queryKey: ['probe', ask.relayId, address, port],
    // The signal ends with the question: an address that is typed on is no longer looked at.
    queryFn: ({ signal }) =>
      api.relays.probe({ id: ask.relayId, address, ...(port !== '' && { port: Number(port) }) }, { signal }),
    enabled: isAsked,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const isPaused = paused === now;
  return {
    isAsked: ask.isLinked && isAddress(ask.address.trim()),
    isLooking: isAsked && (!isPaused || read.isFetching),
    result: isAsked && isPaused && !read.isFetching ? read.data : undefined,
    error: isAsked && isPaused && !read.isFetching ? read.error : null,
    again: () => void read.refetch(),
  };
}
