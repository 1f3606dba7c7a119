// What the pages of notifications read: ways to people, people, routes, escalations, on-call, and what was told.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { toast } from '#console/web/src/ui/toast.ts';
import type { NotificationsSearch } from './notifications-search.ts';
import { t } from './text.ts';

export type Channel = Awaited<ReturnType<typeof api.channels.list>>['items'][number];
export type ChannelKind = Awaited<ReturnType<typeof api.channels.kinds>>['items'][number];
export type ChannelField = ChannelKind['fields'][number];
export type Contact = Awaited<ReturnType<typeof api.contacts.list>>['items'][number];
export type Route = Awaited<ReturnType<typeof api.routes.list>>['items'][number];
export type Escalation = Awaited<ReturnType<typeof api.escalations.list>>['items'][number];
export type Schedule = Awaited<ReturnType<typeof api.onCall.list>>['items'][number];
export type Target = Route['targets'][number];
export type Notification = Awaited<ReturnType<typeof api.notifications.list>>['items'][number];
export type Verdict = Awaited<ReturnType<typeof api.notifications.why>>['items'][number];

/** The feed does not tell of them: whoever looks sees within half a minute what others changed. */
const REREAD_MS = 30_000;
/** What is being sent is seen to have arrived. */
const LOG_MS = 5_000;
const PAGE = 100;

export const useChannels = () =>
  useQuery({
    queryKey: ['notify', 'channels'],
    queryFn: async ({ signal }) => (await api.channels.list(undefined, { signal })).items,
    refetchInterval: REREAD_MS,
  });

/** They are part of the program: read once. */
export const useChannelKinds = () =>
  useQuery({
    queryKey: ['notify-kinds'],
    queryFn: async ({ signal }) => (await api.channels.kinds(undefined, { signal })).items,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const useContacts = (isWanted = true) =>
  useQuery({
    queryKey: ['notify', 'contacts'],
    enabled: isWanted,
    queryFn: async ({ signal }) => (await api.contacts.list(undefined, { signal })).items,
    refetchInterval: REREAD_MS,
  });

export const useRoutes = () =>
  useQuery({
    queryKey: ['notify', 'routes'],
    queryFn: async ({ signal }) => (await api.routes.list(undefined, { signal })).items,
    refetchInterval: REREAD_MS,
  });

export const useEscalations = () =>
  useQuery({
    queryKey: ['notify', 'escalations'],
    queryFn: async ({ signal }) => (await api.escalations.list(undefined, { signal })).items,
    refetchInterval: REREAD_MS,
  });

export const useSchedules = () =>
  useQuery({
    queryKey: ['notify', 'on-call'],
    queryFn: async ({ signal }) => (await api.onCall.list(undefined, { signal })).items,
    refetchInterval: REREAD_MS,
  });

export const useTurns = (id: string, from: number, until: number) =>
  useQuery({
    queryKey: ['notify', 'turns', id, from, until],
    queryFn: async ({ signal }) => (await api.onCall.turns({ id, from, until }, { signal })).items,
    placeholderData: keepPreviousData,
  });

export const useNotifications = ({ state, contact, channel }: NotificationsSearch) =>
  useInfiniteQuery({
    queryKey: ['notify', 'log', state, contact, channel],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      api.notifications.list(
        {
          limit: PAGE,
          ...(pageParam !== '' && { cursor: pageParam }),
          ...(state !== undefined && { state }),
          ...(contact !== undefined && { contactId: contact }),
          ...(channel !== undefined && { channelId: channel }),
        },
        { signal },
      ),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: LOG_MS,
  });

/** As many as one incident makes before somebody takes it. */
const OF_INCIDENT = 100;
export const useTold = (incidentId: string) =>
  useQuery({
    queryKey: ['notify', 'told', incidentId],
    queryFn: async ({ signal }) => (await api.notifications.list({ incidentId, limit: OF_INCIDENT }, { signal })).items,
    refetchInterval: LOG_MS,
  });

export const useWhy = (incidentId: string | undefined, contactId: string | undefined) =>
  useQuery({
    queryKey: ['notify', 'why', incidentId, contactId],
    enabled: incidentId !== undefined,
    queryFn: async ({ signal }) => {
      const ask = { incidentId: incidentId ?? '', ...(contactId === undefined ? {} : { contactId }) };
      return (await api.notifications.why(ask, { signal })).items;
    },
  });

export const useNotification = (id: string) =>
  useQuery({
    queryKey: ['notify', 'log', 'one', id],
    queryFn: ({ signal }) => api.notifications.show({ id }, { signal }),
    refetchInterval: LOG_MS,
  });

export function useReread(): () => void {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: ['notify'] });
}

export function useRetry() {
  const reread = useReread();
  return useMutation({
    mutationFn: (id: string) => api.notifications.retry({ id }),
    onSuccess: () => toast.say(t('retried')),
    onError: (error) => toast.fault(error, t('notRetried')),
    onSettled: reread,
  });
}
