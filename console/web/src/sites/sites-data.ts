// Customers, sites and how their devices are: read once, kept fresh by the feed, shared by all pages of places.
import { useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import type { DeviceStatus } from '#shared/model/device.ts';

export type SiteRow = Awaited<ReturnType<typeof api.sites.list>>['items'][number];
export type CustomerRow = Awaited<ReturnType<typeof api.customers.list>>['items'][number];
export type StatusCounts = Readonly<Partial<Record<DeviceStatus, number>>>;

export const useCustomers = (isWanted = true) =>
  useQuery({
    queryKey: ['customers'],
    enabled: isWanted,
    queryFn: async ({ signal }) => (await api.customers.list(undefined, { signal })).items,
  });

export const useSite = (id: string) =>
  useQuery({ queryKey: ['sites', id], queryFn: ({ signal }) => api.sites.show({ id }, { signal }) });

/** Counts move with every device: on these pages a quarter of a minute is fresh enough. */
const COUNTS_MS = 15_000;

/** How the devices of each site are; undefined while it is not known, and the pages stand without it. */
export function useStatusOfSites(): ReadonlyMap<string, StatusCounts> | undefined {
  const read = useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => api.system.overview(undefined, { signal }),
    refetchInterval: COUNTS_MS,
    select: countsBySite,
  });
  return read.data;
}

const countsBySite = ({ sites }: { sites: ReadonlyArray<{ id: string; devices: StatusCounts }> }) =>
  new Map(sites.map((site) => [site.id, site.devices]));
