// How long anything is kept, for those who may read it: then a chart can say whether something was forgotten or never there.
import { useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { useMayRead } from '#console/web/src/rights/may.ts';

const DAY_MS = 86_400_000;
/** It changes with a day, or when somebody changes it. */
const STALE_MS = 3_600_000;

/** Days; undefined for those who may not read it. */
export interface Kept {
  rawDays: number;
  totalsDays: number;
  archiveDays: number;
}

export const useKept = () =>
  useQuery({
    queryKey: ['retention'],
    queryFn: async ({ signal }): Promise<Kept> => (await api.maintenance.retention(undefined, { signal })).everybody,
    enabled: useMayRead('storage.read'),
    staleTime: STALE_MS,
    retry: false,
  });

/** The oldest moment of which anything is kept. */
export const keptFromOf = (kept: Kept | undefined): number | undefined =>
  kept === undefined ? undefined : consoleNow() - Math.max(kept.archiveDays, kept.rawDays) * DAY_MS;

/** What is older than this comes out of the archive. */
export const archivedBefore = (kept: Kept | undefined): number | undefined =>
  kept === undefined ? undefined : consoleNow() - kept.totalsDays * DAY_MS;
