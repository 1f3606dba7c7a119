// What the pages of incidents read, and what one does to incidents and alerts.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { toast } from '#console/web/src/ui/toast.ts';
import { t } from './text.ts';

export type Incident = Awaited<ReturnType<typeof api.incidents.list>>['items'][number];
export type IncidentDetail = Awaited<ReturnType<typeof api.incidents.show>>;
export type Alert = IncidentDetail['children'][number];
export type Entry = IncidentDetail['timeline'][number];
export type SeriesLink = IncidentDetail['series'][number];
export type IncidentFilter = Omit<NonNullable<Parameters<typeof api.incidents.list>[0]>, 'cursor' | 'limit'>;

/** Two screens of a desk. */
const PAGE = 100;
/** The feed says what changes; a time that runs out, such as a snooze, is told by no change. */
const REREAD_MS = 60_000;

export const useIncidents = (filter: IncidentFilter) =>
  useInfiniteQuery({
    queryKey: ['incidents', 'list', filter],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      api.incidents.list({ ...filter, limit: PAGE, ...(pageParam === '' ? {} : { cursor: pageParam }) }, { signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: REREAD_MS,
  });

export const useIncident = (id: string) =>
  useQuery({
    queryKey: ['incidents', 'one', id],
    queryFn: ({ signal }) => api.incidents.show({ id }, { signal }),
    refetchInterval: REREAD_MS,
  });

/** More than a device has of them at once, in one look. */
const OF_DEVICE = 50;
export const useDeviceAlerts = (deviceId: string) =>
  useQuery({
    queryKey: ['incidents', 'alerts', 'of-device', deviceId],
    queryFn: async ({ signal }) =>
      (await api.alerts.list({ deviceId, state: 'open', muted: 'true', limit: OF_DEVICE }, { signal })).items,
    refetchInterval: REREAD_MS,
  });

export const useAlert = (id: string) =>
  useQuery({
    queryKey: ['incidents', 'alerts', 'one', id],
    queryFn: ({ signal }) => api.alerts.show({ id }, { signal }),
    refetchInterval: REREAD_MS,
  });

/** One thing that a person does, to whole incidents or to single alerts. */
export type Act =
  | { act: 'acknowledge' | 'resolve' | 'reopen' }
  | { act: 'snooze'; forMs?: number }
  | { act: 'assign'; assignee: string | null }
  | { act: 'note'; note: string };
export interface Subjects {
  incidents?: string[];
  alerts?: string[];
}

function send(act: Act, subjects: Subjects) {
  switch (act.act) {
    case 'acknowledge':
    case 'resolve':
    case 'reopen':
      return api.incidents[act.act](subjects);
    case 'snooze':
      return api.incidents.snooze({ ...subjects, ...(act.forMs === undefined ? {} : { forMs: act.forMs }) });
    case 'assign':
      return api.incidents.assign({ ...subjects, assignee: act.assignee });
    case 'note':
      return api.incidents.note({ ...subjects, note: act.note });
  }
}

/** Says what came of it; a fault is shown where the press was. */
export function useAct(onDone?: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ act, subjects }: { act: Act; subjects: Subjects }) => send(act, subjects),
    onSuccess: ({ changed }, { act }) => {
      toast.say(changed === 0 ? t('nothingChanged') : t(`did_${act.act}`, { count: changed }));
      onDone?.();
    },
    onError: (error) => toast.fault(error, t('notDone')),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['incidents'] }),
  });
}
