// What the events of a device are read by: pages of entries, and which logs there are.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { type Between, type LogSearch, queryOf } from './log-search.ts';

/** Two screens of entries; more are asked for by hand. */
const ENTRIES = 100;

export const useLog = (id: string, search: LogSearch, between: Between | undefined) =>
  useInfiniteQuery({
    // The feed asks for it again when entries come.
    queryKey: ['device', id, 'log', 'entries', search, between],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      api.devices.log(
        {
          id,
          limit: ENTRIES,
          ...queryOf(search, between, consoleNow()),
          ...(pageParam === '' ? {} : { cursor: pageParam }),
        },
        { signal },
      ),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
export type LogEntry = NonNullable<ReturnType<typeof useLog>['data']>['pages'][number]['items'][number];

export const useLogNames = (id: string) =>
  useQuery({
    queryKey: ['device', id, 'log', 'names'],
    queryFn: async ({ signal }) => (await api.devices.logs({ id }, { signal })).logs,
  });
