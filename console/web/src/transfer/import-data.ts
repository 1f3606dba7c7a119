// An import on the console: planned from a file, looked at, applied, followed.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '#console/web/src/api/api.ts';
import type { FileFormat, ImportKind } from '#shared/contract/import-contract.ts';
import { base64Of } from './file-text.ts';

export type ImportState = Awaited<ReturnType<typeof api.imports.show>>;

export interface PlanAsk {
  file: File;
  format: FileFormat;
  kind: ImportKind;
  /** The site that rows belong to which name none. */
  siteId: string | undefined;
}

const keyOf = (id: string) => ['imports', id];

export function usePlan(onPlanned: (state: ImportState) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ file, format, kind, siteId }: PlanAsk) =>
      api.imports.plan({ kind, format, content: await base64Of(file), ...(siteId !== undefined && { siteId }) }),
    onSuccess: (state) => {
      queries.setQueryData(keyOf(state.id), state);
      onPlanned(state);
    },
  });
}

/** Often enough for a bar that moves, seldom enough for a busy console. */
const FOLLOW_MS = 500;

/** What an import changes in lists elsewhere. */
const TOUCHED = ['fleet', 'sites', 'customers', 'tags', 'groups', 'status', 'overview'];

export function useImport(id: string) {
  const queries = useQueryClient();
  const read = useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => api.imports.show({ id }, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'applying' ? FOLLOW_MS : false),
  });
  const state = read.data?.state;
  useEffect(() => {
    if (state === 'done') for (const key of TOUCHED) void queries.invalidateQueries({ queryKey: [key] });
  }, [state, queries]);
  return read;
}

export function useApply(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.imports.apply({ id }),
    onSuccess: (state) => queries.setQueryData(keyOf(id), state),
  });
}
