// What the console stores: how much in which tier, since when, how long it is kept, and the jobs that see to it.
import { getRouteApi } from '@tanstack/react-router';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import './storage.css';
import { JobsPart } from './jobs-part.tsx';
import { RetentionPart } from './retention-part.tsx';
import { RunsPart } from './runs-part.tsx';
import { useStorage } from './storage-data.ts';
import { StorageNumbers } from './storage-numbers.tsx';
import { t } from './text.ts';
import { TiersPart } from './tiers-part.tsx';

const route = getRouteApi('/shell/storage');

export function StoragePage() {
  usePageTitle(t('title'));
  const { job } = route.useSearch();
  const read = useStorage();
  return (
    <>
      <PageHead title={t('title')} />
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data === undefined && read.isPending && (
        <div role="status" aria-label={t('reading')}>
          <SkeletonBlock className="mb-3 h-24" />
          <SkeletonBlock className="h-72" />
        </div>
      )}
      {read.data !== undefined && (
        <div className="grid grid-cols-1 gap-3">
          {read.data.roomText !== null && read.data.room !== 'plenty' && (
            <p role="alert" className="storage-warning" data-room={read.data.room}>
              <strong className="font-medium">{t(`room_${read.data.room}`)}.</strong> {read.data.roomText}
            </p>
          )}
          <StorageNumbers storage={read.data} />
          <TiersPart storage={read.data} />
          <JobsPart />
          <RetentionPart storage={read.data} />
          <RunsPart job={job} />
        </div>
      )}
    </>
  );
}
