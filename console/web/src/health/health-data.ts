// How well devices, sites and the fleet are, and how they were.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';

export type DeviceHealth = Awaited<ReturnType<typeof api.health.device>>;
export type HealthPart = DeviceHealth['parts'][number];
export type HealthOverview = Awaited<ReturnType<typeof api.health.overview>>;
export type HealthSum = HealthOverview['fleet'];
export type HealthMoment = Awaited<ReturnType<typeof api.health.history>>['items'][number];

/** It is reckoned anew about as often. */
const FRESH_MS = 60_000;
/** A month in a strip. */
const DAYS = 30;
/** The worst that one looks at first. */
const WORST = 5;

const live = { refetchInterval: FRESH_MS, staleTime: FRESH_MS };

export const useDeviceHealth = (id: string) =>
  useQuery({
    queryKey: ['health', 'device', id],
    queryFn: ({ signal }) => api.health.device({ id }, { signal }),
    ...live,
  });

export const useDeviceHealthHistory = (id: string) =>
  useQuery({
    queryKey: ['health', 'device', id, 'history'],
    queryFn: async ({ signal }) => (await api.health.deviceHistory({ id, days: DAYS }, { signal })).items,
    ...live,
  });

export const healthOverviewQuery = queryOptions({
  queryKey: ['health', 'overview'],
  queryFn: ({ signal }) => api.health.overview(undefined, { signal }),
  ...live,
});

export const useHealthHistory = (siteId: string | undefined) =>
  useQuery({
    queryKey: ['health', 'history', siteId],
    queryFn: async ({ signal }) =>
      (await api.health.history({ days: DAYS, ...(siteId === undefined ? {} : { siteId }) }, { signal })).items,
    ...live,
  });

export const useWorst = (siteId: string | undefined) =>
  useQuery({
    queryKey: ['health', 'worst', siteId],
    queryFn: async ({ signal }) =>
      (await api.health.devices({ limit: WORST, ...(siteId === undefined ? {} : { siteId }) }, { signal })).items,
    ...live,
  });
