// The relays: whether each is linked, keeps up and is well, and how one is let in.
import { useState } from 'react';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { useEstateScope } from '#console/web/src/shell/estate-scope.ts';
import { usePageAct } from '#console/web/src/shell/page-act.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { Table } from '#console/web/src/ui/table.tsx';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';
import { EnrolDialog } from './enrol-dialog.tsx';
import { RelayCards } from './relay-cards.tsx';
import { relayColumns } from './relay-columns.tsx';
import { t } from './text.ts';

export function RelaysPage() {
  usePageTitle(t('title'));
  const [isEnrolling, setIsEnrolling] = useState(false);
  const enrol = () => setIsEnrolling(true);
  usePageAct('relays.createToken', enrol);
  return (
    <>
      <div className="mb-1 flex flex-wrap items-center justify-between gap-3">
        <h1 className="m-0 text-xl font-semibold">{t('title')}</h1>
        <Button kind="primary" icon="plus" needs="relay.enrol" onClick={enrol}>
          {t('enrol')}
        </Button>
      </div>
      <p className="mt-0 mb-4 max-w-prose text-muted">{t('intro')}</p>
      <Relays onEnrol={enrol} />
      {isEnrolling && <EnrolDialog onClose={() => setIsEnrolling(false)} />}
    </>
  );
}

function Relays({ onEnrol }: { onEnrol: () => void }) {
  const read = useRelays();
  const now = useFiveSeconds();
  const scope = useEstateScope();
  const isNarrow = useIsNarrow();
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <SkeletonRows label={t('reading')} />;
  if (read.data.length === 0)
    return (
      <EmptyState title={t('emptyTitle')} body={t('emptyBody')}>
        <Button kind="primary" needs="relay.enrol" onClick={onEnrol}>
          {t('enrol')}
        </Button>
      </EmptyState>
    );
  const rows = read.data.filter((relay) => scope.includesSite(relay.siteId));
  if (isNarrow) return <RelayCards relays={rows} now={now} />;
  return (
    <Table
      caption={t('title')}
      isCaptionHidden
      columns={relayColumns(now)}
      rows={rows}
      rowKey={(relay) => relay.id}
      initialSort={{ key: 'site', direction: 'ascending' }}
      empty={t('nothingFits')}
    />
  );
}
