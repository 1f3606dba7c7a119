// What the metrics pages read: the catalogue, lines of devices, sums and the top of a list.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { partOf, type Window } from '#console/web/src/span/spans.ts';
import type { TopBy } from './explorer-search.ts';

/** Two points a pixel of a narrow desk are more than an eye can part. */
const POINTS = 600;
/** Bars of hours and days: one for each few pixels of a small chart. */
export const SMALL_POINTS = 200;
/** A minute: no live tail here, and devices are polled about as often. */
const FRESH_MS = 60_000;
const CATALOGUE_MS = 300_000;

export const useCatalogue = () =>
  useQuery({
    queryKey: ['metrics', 'catalogue'],
    queryFn: async ({ signal }) => (await api.metrics.catalogue(undefined, { signal })).items,
    staleTime: CATALOGUE_MS,
  });
export type MetricEntry = NonNullable<ReturnType<typeof useCatalogue>['data']>[number];

interface RangeAsk {
  devices: readonly string[];
  name: string;
  instance: string | undefined;
  window: Window;
}

const live = { refetchInterval: FRESH_MS, staleTime: FRESH_MS, placeholderData: keepPreviousData };

export const useRange = ({ devices, name, instance, window }: RangeAsk) =>
  useQuery({
    queryKey: ['metrics', 'range', devices, name, instance, window],
    enabled: devices.length > 0,
    queryFn: async ({ signal }) => {
      const part = partOf(window, consoleNow());
      const one = instance === undefined ? {} : { instance };
      const ask = { devices: devices.join(','), name, ...one, ...part, maxPoints: POINTS };
      return { part, ...(await api.metrics.range(ask, { signal })) };
    },
    ...live,
  });
export type RangeData = NonNullable<ReturnType<typeof useRange>['data']>;

interface SumAsk {
  name: string;
  over: string;
  window: Window;
  maxPoints?: number;
}

export const useSum = ({ name, over, window, maxPoints = POINTS }: SumAsk) =>
  useQuery({
    queryKey: ['metrics', 'sum', name, over, window, maxPoints],
    queryFn: async ({ signal }) => {
      const part = partOf(window, consoleNow());
      return { part, ...(await api.metrics.sum({ name, over, ...part, maxPoints }, { signal })) };
    },
    ...live,
  });
export type SumData = NonNullable<ReturnType<typeof useSum>['data']>;

interface TopAsk {
  name: string;
  over: string;
  window: Window;
  by: TopBy;
  limit: number;
}

export const useTop = ({ name, over, window, by, limit }: TopAsk) =>
  useQuery({
    queryKey: ['metrics', 'top', name, over, window, by, limit],
    queryFn: ({ signal }) => {
      // What it is now is known without any span.
      const part = by === 'last' && window.kind === 'span' ? {} : partOf(window, consoleNow());
      return api.metrics.top({ name, over, ...part, by, limit }, { signal });
    },
    ...live,
  });
export type TopData = NonNullable<ReturnType<typeof useTop>['data']>;

/** The chosen devices by name; those that one does not see are missing from it. */
export const useChosen = (ids: readonly string[]) =>
  useQuery({
    queryKey: ['metrics', 'devices', ids],
    enabled: ids.length > 0,
    queryFn: async ({ signal }) => {
      const ask = { q: `id:${ids.join(',')}`, limit: ids.length, names: 'none' };
      const { items } = await api.devices.list(ask, { signal });
      return new Map(
        items.map(({ id, name, siteName }): [string, { name: string; siteName: string }] => [id, { name, siteName }]),
      );
    },
    placeholderData: keepPreviousData,
  });
