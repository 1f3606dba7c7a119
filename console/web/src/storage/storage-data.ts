// What the storage page reads and does.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { toast } from '#console/web/src/ui/toast.ts';
import { t } from './text.ts';

export type StorageData = Awaited<ReturnType<typeof api.maintenance.storage>>;
export type TierRow = StorageData['tiers'][number];
export type JobRow = Awaited<ReturnType<typeof api.maintenance.jobs>>['items'][number];
export type JobName = JobRow['name'];
export type RunRow = Awaited<ReturnType<typeof api.maintenance.runs>>['items'][number];
export type RetentionData = Awaited<ReturnType<typeof api.maintenance.retention>>;
export type CustomerRow = RetentionData['customers'][number];

/** Hours are sealed by the minute; nobody watches bytes by the second. */
const STORAGE_MS = 30_000;
/** A job that was started shows its end soon. */
const JOBS_MS = 5_000;

export const useStorage = () =>
  useQuery({
    queryKey: ['storage', 'tiers'],
    queryFn: ({ signal }) => api.maintenance.storage(undefined, { signal }),
    refetchInterval: STORAGE_MS,
  });

export const useJobs = () =>
  useQuery({
    queryKey: ['storage', 'jobs'],
    queryFn: async ({ signal }) => (await api.maintenance.jobs(undefined, { signal })).items,
    refetchInterval: JOBS_MS,
  });

export const useRuns = (job: JobName | undefined) =>
  useQuery({
    queryKey: ['storage', 'runs', job],
    queryFn: async ({ signal }) => (await api.maintenance.runs(job === undefined ? {} : { job }, { signal })).items,
    refetchInterval: JOBS_MS,
  });

export const useRetention = () =>
  useQuery({
    queryKey: ['storage', 'retention'],
    queryFn: ({ signal }) => api.maintenance.retention(undefined, { signal }),
  });

export function useRunNow() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (job: JobName) => api.maintenance.run({ job }),
    onSuccess: (_run, job) => {
      toast.say(t('started', { job: t(`job_${job}`) }));
      void queries.invalidateQueries({ queryKey: ['storage'] });
    },
    onError: (error) => toast.fault(error, t('notStarted')),
  });
}
