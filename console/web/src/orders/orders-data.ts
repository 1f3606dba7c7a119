// What the pages of orders read: devices as they would be signed, orders that wait, and how far others came.
import { queryOptions, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, exactApi } from '#console/web/src/api/api.ts';
import { isMissing } from '#console/web/src/api/fault.ts';
import { charterQuery } from '#console/web/src/signing/trust-data.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { undoPlan } from '#shared/model/actions/undo-plan.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import { readManifest } from '#shared/seal/manifest-seal.ts';
import { isOrderable, type Orderable } from './orderable.ts';
import { openWaiting, type WaitingBatch } from './waiting-batch.ts';

/** Identities go into what is signed: they are read as they are, and shown as `inert` text. */
export const targetsQuery = (devices: readonly string[]) =>
  queryOptions({
    queryKey: ['orders', 'targets', devices],
    enabled: devices.length > 0,
    queryFn: async ({ signal }) => {
      const { targets } = await exactApi.devices.targets({ devices: [...devices] }, { signal });
      return targets;
    },
  });

export type Names = ReadonlyMap<string, string>;
export const namesOf = (targets: ReadonlyArray<Pick<DeviceTarget, 'id' | 'name'>>): Names =>
  new Map(targets.map(({ id, name }) => [id, inert(name)]));

export interface Waiting {
  id: string;
  batch: WaitingBatch;
  names: Names;
}

/** Names are the console's word for devices; without them their ids stand there, and their identities do anyway. */
async function namesIn(manifests: readonly Manifest[]): Promise<Names> {
  const devices = manifests.flatMap(({ targets }) => targets.map(({ device }) => device));
  try {
    return namesOf((await exactApi.devices.targets({ devices })).targets);
  } catch {
    return new Map();
  }
}

export function useWaiting(id: string) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: ['orders', 'waiting', id],
    queryFn: async (): Promise<Waiting> => {
      const { signed } = await exactApi.actions.batch({ id });
      const batch = await openWaiting(signed, (site) =>
        queries.fetchQuery({ ...charterQuery(site), staleTime: 10_000 }),
      );
      return { id, batch, names: await namesIn(batch.manifests) };
    },
    retry: false,
  });
}

const POLL_MS = 3_000;
const FINAL = 'settled';

/** Followed until every part is settled; the feed asks sooner. */
export const useOrders = (ids: readonly string[]) =>
  useQueries({
    queries: ids.map((id) => ({
      queryKey: ['orders', 'show', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.actions.show({ id }, { signal }),
      refetchInterval: ({ state }: { state: { data?: { state: string } | undefined } }) =>
        state.data?.state === FINAL ? (false as const) : POLL_MS,
      retry: (count: number, error: unknown) => count < 2 && !isMissing(error),
    })),
  });
/** What was signed never changes; undefined of what a relay ran of itself, and of a text that is no manifest. */
export const useOrdered = (id: string): Manifest | undefined =>
  useQuery({
    queryKey: ['orders', 'manifest', id],
    queryFn: async ({ signal }) => (await exactApi.actions.show({ id }, { signal })).manifest,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: id !== '',
    select: (text) => {
      try {
        return readManifest(text);
      } catch {
        return null;
      }
    },
  }).data ?? undefined;

/** What takes the order back on this device; undefined while it is read, and where nothing does. */
export const useUndo = (id: string, device: string): Orderable | undefined =>
  useQuery({
    queryKey: ['orders', 'undo', id, device],
    queryFn: async ({ signal }) => {
      const { manifest, outcomes } = await exactApi.actions.show({ id }, { signal });
      const { action } = readManifest(manifest);
      if (!isOrderable(action) || action.name === 'command.run') return null;
      const [part] = undoPlan(
        action,
        outcomes.filter(({ deviceId }) => deviceId === device),
      );
      return part?.action ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
    enabled: id !== '' && device !== '',
  }).data ?? undefined;

export type FollowedOrder = Awaited<ReturnType<typeof api.actions.show>>;
