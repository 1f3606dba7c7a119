// The relays of a site: whether each is linked, and how another one is let in.
import { useState } from 'react';
import { type RelayRow, useRelays } from '#console/web/src/fleet/relays.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { EnrolDialog } from '#console/web/src/relays/enrol-dialog.tsx';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { RelayState } from './relay-state.tsx';
import type { SiteRow } from './sites-data.ts';
import { t } from './text.ts';

export function SiteRelays({ site }: { site: SiteRow }) {
  const read = useRelays();
  const now = useFiveSeconds();
  const [isEnrolling, setIsEnrolling] = useState(false);
  const own = read.data?.filter(({ siteId }) => siteId === site.id);
  return (
    <section className="panel p-3" aria-label={t('relays')}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="section-title mb-0">{t('relays')}</h2>
        <Button isSmall icon="plus" needs="relay.enrol" onClick={() => setIsEnrolling(true)}>
          {t('enrol')}
        </Button>
      </div>
      {own === undefined && read.isError && (
        <FaultNote what={t('relaysNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonBlock className="h-[calc(2*var(--row)+2px)]" />}
      {own?.length === 0 && <p className="m-0 text-muted">{t('noRelayBody')}</p>}
      {own !== undefined && own.length > 0 && (
        <Table caption={t('relays')} isCaptionHidden columns={columnsOf(now)} rows={own} rowKey={({ id }) => id} />
      )}
      {isEnrolling && <EnrolDialog siteId={site.id} onClose={() => setIsEnrolling(false)} />}
    </section>
  );
}

const columnsOf = (now: number): Array<Column<RelayRow>> => [
  { key: 'name', title: t('name'), cell: ({ name }) => <span className="font-medium wrap-anywhere">{name}</span> },
  { key: 'state', title: t('link'), cell: (relay) => <RelayState relays={[relay]} now={now} /> },
  { key: 'host', title: t('machine'), className: 'hidden sm:table-cell', cell: ({ hostname }) => hostname },
  { key: 'version', title: t('version'), className: 'hidden sm:table-cell', cell: ({ version }) => version },
  { key: 'devices', title: t('devicesHead'), isNumber: true, cell: ({ devices }) => devices },
];
