// Lists that forms choose from: groups with members by hand.
import { useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';

export type GroupRow = Awaited<ReturnType<typeof api.groups.list>>['items'][number];

export const useGroups = () =>
  useQuery({
    queryKey: ['groups'],
    queryFn: async ({ signal }) => (await api.groups.list(undefined, { signal })).items,
  });

const NONE: GroupRow[] = [];

export const useHandGroups = (): readonly GroupRow[] =>
  (useGroups().data ?? NONE).filter(({ kind }) => kind === 'hand');
