// The one fleet of this tab, and how it is read: page by page, shown as it comes.
import { useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { useFleetFeed } from '#console/web/src/live/feed.ts';
import { GLANCE_NAMES } from '#shared/model/glance.ts';
import { FleetStore } from './fleet-store.ts';

export const fleet = new FleetStore({
  frame: (callback) => requestAnimationFrame(callback),
  now: () => performance.now(),
});

/** The API's largest page. */
const PAGE = 1_000;

async function readFleet(signal: AbortSignal): Promise<number> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await api.devices.list(
      { limit: PAGE, names: GLANCE_NAMES, ...(cursor === undefined ? {} : { cursor }) },
      { signal },
    );
    fleet.put(page.items);
    for (const item of page.items) seen.add(item.id);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  fleet.keepOnly(seen);
  return seen.size;
}

/** The number of devices, once all are read. */
export function useFleet() {
  useFleetFeed();
  return useQuery({ queryKey: ['fleet'], queryFn: ({ signal }) => readFleet(signal) });
}
