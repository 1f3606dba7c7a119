// Everything that happened to a device, newest first, by day; by kind if one wants, and on as far back as there is something.
import { useMemo, useState } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { dateOf, dayOf } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Segmented } from '#console/web/src/ui/choice.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { ActionSheet } from './action-sheet.tsx';
import { useTimeline } from './device-data.ts';
import type { TabProps } from './tab-props.ts';
import { t } from './text.ts';
import { daysOf, keyOf, kindOf, TIMELINE_KINDS, type TimelineKind } from './timeline.ts';
import { kindText, TimelineLine } from './timeline-line.tsx';

export function TimelineTab({ device }: TabProps) {
  const read = useTimeline(device.id);
  const now = useFiveSeconds();
  const [kind, setKind] = useState<TimelineKind | 'all'>('all');
  const [action, setAction] = useState<string>();
  const pages = read.data?.pages;
  const days = useMemo(() => {
    const items = (pages ?? []).flatMap((page) => page.items);
    return daysOf(
      items.filter((item) => kind === 'all' || kindOf(item) === kind),
      dateOf,
    );
  }, [pages, kind]);
  if (read.isError && pages === undefined)
    return <FaultNote what={t('timelineFault')} error={read.error} onRetry={() => void read.refetch()} />;
  if (pages === undefined) return <SkeletonRows label={t('readingTimeline')} />;
  return (
    <>
      <div className="mb-3 max-w-full overflow-x-auto">
        <Segmented
          label={t('kindsOf')}
          options={[
            { value: 'all', label: t('kind_all') },
            ...TIMELINE_KINDS.map((one) => ({ value: one, label: kindText(one) })),
          ]}
          value={kind}
          onChoose={setKind}
        />
      </div>
      {days.length === 0 && <EmptyState title={t('nothingHappened')} body={t('nothingHappenedBody')} />}
      {days.map((day) => (
        <section key={day.at} className="panel mb-3 px-3 py-2">
          <h2 className="section-title mb-1">{dayOf(day.at) === dayOf(now) ? t('today') : dateOf(day.at)}</h2>
          <ol className="m-0 list-none p-0">
            {day.items.map((item) => (
              <TimelineLine key={keyOf(item)} item={item} onAction={setAction} />
            ))}
          </ol>
        </section>
      ))}
      {read.hasNextPage && (
        <Button isBusy={read.isFetchingNextPage} onClick={() => void read.fetchNextPage()}>
          {t('earlier')}
        </Button>
      )}
      <ActionSheet action={action} device={device.id} onClose={() => setAction(undefined)} />
    </>
  );
}
