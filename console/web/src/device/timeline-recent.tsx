// The last few things that happened, for the view at a glance.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { ActionSheet } from './action-sheet.tsx';
import { useTimeline } from './device-data.ts';
import { tabSearch } from './tab-props.ts';
import { t } from './text.ts';
import { keyOf } from './timeline.ts';
import { TimelineLine } from './timeline-line.tsx';

const SHOWN = 6;

export function Recent({ id }: { id: string }) {
  const read = useTimeline(id);
  const [action, setAction] = useState<string>();
  const items = read.data?.pages[0]?.items.slice(0, SHOWN);
  return (
    <section className="panel device-recent p-3">
      <h2 className="section-title mb-1 flex items-baseline">
        {t('recent')}
        <Link to="." search={tabSearch('timeline')} className="link-quiet ml-auto text-xs font-normal">
          {t('wholeTimeline')}
        </Link>
      </h2>
      {items === undefined && !read.isError && <SkeletonRows label={t('readingTimeline')} />}
      {read.isError && items === undefined && <p className="m-0 text-muted">{t('timelineFault')}</p>}
      {items?.length === 0 && <p className="m-0 text-muted">{t('nothingHappened')}</p>}
      <ol className="m-0 list-none p-0">
        {items?.map((item) => (
          <TimelineLine key={keyOf(item)} item={item} onAction={setAction} />
        ))}
      </ol>
      <ActionSheet action={action} device={id} onClose={() => setAction(undefined)} />
    </section>
  );
}
