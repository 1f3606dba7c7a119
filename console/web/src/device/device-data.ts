// What the device page reads, each part by itself: a slow history holds nothing else up.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { partOf, type Window } from '#console/web/src/span/spans.ts';

/** A chart is 440 CSS pixels wide or more; two points a pixel are more than an eye can part. */
const POINTS = 600;
/** The tail grows meanwhile; after this long it is better drawn thinned again. */
const HISTORY_MS = 300_000;

export const useDevice = (id: string) =>
  useQuery({ queryKey: ['device', id], queryFn: ({ signal }) => api.devices.show({ id }, { signal }) });
export type DeviceData = NonNullable<ReturnType<typeof useDevice>['data']>;

export const useHistory = (id: string, window: Window, names: string) =>
  useQuery({
    queryKey: ['device', id, 'metrics', names, window],
    queryFn: ({ signal }) => {
      const part = partOf(window, consoleNow());
      return api.devices.metrics({ id, ...part, names, maxPoints: POINTS }, { signal });
    },
    // What happened then does not change, but a relay may still send of it.
    refetchInterval: HISTORY_MS,
    // Its own clock: changes of the device are in the tail, and a year is not read again for one of them.
    staleTime: HISTORY_MS,
    // Another span of the same device: what is known is shown until more is.
    placeholderData: (former, query) => (query?.queryKey[1] === id && query.queryKey[3] === names ? former : undefined),
  });
export type History = NonNullable<ReturnType<typeof useHistory>['data']>;

/** A device that was just met has none yet; what it then has is worth seeing soon. Inventory changes by the hour. */
const FACTS_MS = { none: 5_000, some: 300_000 };
export const useFacts = (id: string) =>
  useQuery({
    queryKey: ['device', id, 'facts'],
    queryFn: async ({ signal }) => (await api.devices.facts({ id }, { signal })).facts,
    refetchInterval: ({ state }) => (state.data?.length === 0 ? FACTS_MS.none : FACTS_MS.some),
  });
export type Fact = NonNullable<ReturnType<typeof useFacts>['data']>[number];

/** Two screens of what happened. */
const ITEMS = 100;
export const useTimeline = (id: string) =>
  useInfiniteQuery({
    queryKey: ['device', id, 'timeline'],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      api.devices.timeline({ id, limit: ITEMS, ...(pageParam === '' ? {} : { cursor: pageParam }) }, { signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // Changes of its status come by the feed; what else happens is rarer and no hurry.
    refetchInterval: 60_000,
  });
export type TimelineItem = NonNullable<ReturnType<typeof useTimeline>['data']>['pages'][number]['items'][number];

export const useAction = (action: string | undefined) =>
  useQuery({
    queryKey: ['action', action],
    enabled: action !== undefined,
    queryFn: ({ signal }) => api.actions.show({ id: action ?? '' }, { signal }),
  });

export const useKnownTags = (isWanted: boolean) =>
  useQuery({
    queryKey: ['tags', 'of-device'],
    enabled: isWanted,
    queryFn: async ({ signal }) => (await api.tags.list(undefined, { signal })).items,
  });

export const useGroupNames = () =>
  useQuery({
    queryKey: ['groups', 'of-device'],
    queryFn: async ({ signal }) => (await api.groups.list(undefined, { signal })).items,
  });
