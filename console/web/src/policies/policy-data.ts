// What the pages of policies read: parts as they were written, letter by letter, and what the console makes of them.
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { exactApi } from '#console/web/src/api/api.ts';
import type { WatchPart } from '#shared/model/watch-part.ts';

/** Told stale by the feed with each draft and each signature. */
const POLICIES = ['policies'];

export const usePolicyParts = () =>
  useQuery({
    queryKey: [...POLICIES, 'parts'],
    queryFn: async ({ signal }) => (await exactApi.policies.list(undefined, { signal })).items,
  });

export type LayerPart = Extract<WatchPart, { kind: 'layer' }>;
export type WindowPart = Extract<WatchPart, { kind: 'window' }>;
export type RoutePart = Extract<WatchPart, { kind: 'route' }>;

export const isLayer = (part: WatchPart): part is LayerPart => part.kind === 'layer';
export const isWindow = (part: WatchPart): part is WindowPart => part.kind === 'window';
export const isRoute = (part: WatchPart): part is RoutePart => part.kind === 'route';

export const useWatchedSites = () =>
  useQuery({
    queryKey: [...POLICIES, 'sites'],
    queryFn: async ({ signal }) => (await exactApi.policies.sites(undefined, { signal })).items,
  });

export const useDrafts = () =>
  useQuery({
    queryKey: [...POLICIES, 'draft'],
    // Each draft has the number of its moment: what is read stays until it was signed or changed.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await exactApi.policies.draft({}, { signal })).items,
  });

export const useWaiting = () =>
  useQuery({
    queryKey: [...POLICIES, 'waiting'],
    queryFn: async ({ signal }) => (await exactApi.policies.waiting(undefined, { signal })).items,
  });

export const usePlan = () =>
  useQuery({
    queryKey: [...POLICIES, 'plan'],
    queryFn: ({ signal }) => exactApi.policies.plan({}, { signal }),
  });

export const useExplained = (id: string, by: 'active' | 'draft') =>
  useQuery({
    queryKey: [...POLICIES, 'device', id, by],
    queryFn: ({ signal }) => exactApi.policies.effective({ id, by }, { signal }),
  });

export const inForceQuery = (id: string) =>
  queryOptions({
    queryKey: [...POLICIES, 'in-force', id],
    queryFn: async ({ signal }) => (await exactApi.policies.inForce({ id }, { signal })).signed,
  });

export const useCalendar = (from: number, to: number) =>
  useQuery({
    queryKey: [...POLICIES, 'calendar', from, to],
    queryFn: async ({ signal }) => (await exactApi.policies.calendar({ from, to }, { signal })).items,
  });

/** After a change of one's own: one waits for the feed of nobody. */
export function useStalePolicies(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: POLICIES });
}
