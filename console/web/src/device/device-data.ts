// What the device page reads, each part by itself: a slow history holds nothing else up.
import { useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { CHART_NAMES } from './chart-specs.ts';
import type { Span } from './span.ts';

/** A chart is 440 CSS pixels wide or more; two points a pixel are more than an eye can part. */
const POINTS = 600;
/** The tail grows meanwhile; after this long it is better drawn thinned again. */
const HISTORY_MS = 300_000;

export const useDevice = (id: string) =>
  useQuery({ queryKey: ['device', id], queryFn: ({ signal }) => api.devices.show({ id }, { signal }) });
export type DeviceData = NonNullable<ReturnType<typeof useDevice>['data']>;

export const useHistory = (id: string, span: Span) =>
  useQuery({
    queryKey: ['device', id, 'metrics', span.key],
    queryFn: ({ signal }) => {
      const to = consoleNow();
      return api.devices.metrics({ id, from: to - span.ms, to, names: CHART_NAMES, maxPoints: POINTS }, { signal });
    },
    refetchInterval: HISTORY_MS,
    // Another span of the same device: what is known is shown until more is.
    placeholderData: (former, query) => (query?.queryKey[1] === id ? former : undefined),
  });
export type History = NonNullable<ReturnType<typeof useHistory>['data']>;

/** A device that was just met has none yet; what it then has is worth seeing soon. Inventory changes by the hour. */
const FACTS_MS = { none: 5_000, some: 300_000 };
export const useFacts = (id: string) =>
  useQuery({
    queryKey: ['device', id, 'facts'],
    queryFn: ({ signal }) => api.devices.facts({ id }, { signal }),
    refetchInterval: ({ state }) => (state.data?.facts.length === 0 ? FACTS_MS.none : FACTS_MS.some),
  });

/** Two screens of what happened. */
const EVENTS = 100;
export const useEvents = (id: string) =>
  useQuery({
    queryKey: ['device', id, 'events'],
    queryFn: ({ signal }) => api.devices.events({ id, limit: EVENTS }, { signal }),
    // Changes of its status come by the feed; what else happens is rarer and no hurry.
    refetchInterval: 60_000,
  });
