// All standing orders: what each does, when, where, how it stands with it, and what came of its last run.
import { useState } from 'react';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { LinkButton } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { Switch } from '#console/web/src/ui/tick.tsx';
import { StandingCards } from './standing-cards.tsx';
import { useStandingOrders } from './standing-data.ts';
import { t } from './text.ts';

export function StandingPage() {
  usePageTitle(t('title'));
  const read = useStandingOrders();
  const [isAll, setIsAll] = useState(false);
  const items = read.data?.items ?? [];
  const shown = isAll ? items : items.filter(({ summary }) => summary.state !== 'withdrawn');
  return (
    <>
      <PageHead title={t('title')}>
        <LinkButton to="/standing/new" kind="primary" icon="plus" needs="standing.write">
          {t('newOne')}
        </LinkButton>
      </PageHead>
      <p className="mt-0 mb-4 max-w-prose text-muted">{t('intro')}</p>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data !== undefined && read.data.unreadable > 0 && (
        <p role="alert" className="mt-0 mb-3 text-down">
          {t('unreadable', { count: read.data.unreadable })}
        </p>
      )}
      {items.some(({ summary }) => summary.state === 'withdrawn') && (
        <div className="mb-3">
          <Switch label={t('showEnded')} isOn={isAll} onChange={setIsAll} />
        </div>
      )}
      {read.data !== undefined && shown.length === 0 && <EmptyState title={t('noneYet')} body={t('noneYetBody')} />}
      <StandingCards items={shown} />
    </>
  );
}
