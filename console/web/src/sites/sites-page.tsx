// The sites of every customer: how each is, and where one begins to add.
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { useEstateScope, useSites } from '#console/web/src/shell/estate-scope.ts';
import { usePageAct } from '#console/web/src/shell/page-act.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { TransferMenu } from '#console/web/src/transfer/transfer-menu.tsx';
import { FreezeAll } from '#console/web/src/trust/freeze-all.tsx';
import { Stillness } from '#console/web/src/trust/stillness-panel.tsx';
import { Button } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { holdsWords } from './grouping.ts';
import { PageHead } from './page-head.tsx';
import { SiteDialog } from './site-dialog.tsx';
import { SitesTable } from './sites-table.tsx';
import { t } from './text.ts';

export function SitesPage() {
  usePageTitle(t('sitesTitle'));
  const [isAdding, setIsAdding] = useState(false);
  const navigate = useNavigate();
  const scope = useEstateScope();
  const add = () => setIsAdding(true);
  usePageAct('sites.create', add);
  return (
    <>
      <PageHead title={t('sitesTitle')}>
        <TransferMenu kind="sites" />
        <FreezeAll />
        <Button kind="primary" icon="plus" needs="site.write" onClick={add}>
          {t('addSite')}
        </Button>
      </PageHead>
      <Sites onAdd={add} />
      <Stillness />
      {isAdding && (
        <SiteDialog
          customerName={scope.customer?.name}
          onClose={() => setIsAdding(false)}
          onSaved={({ id }) => void navigate({ to: '/sites/$id', params: { id } })}
        />
      )}
    </>
  );
}

function Sites({ onAdd }: { onAdd: () => void }) {
  const read = useSites();
  const scope = useEstateScope();
  const [text, setText] = useState('');
  const words = useDeferredValue(text.trim());
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('sitesNotRead')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <SkeletonRows label={t('sitesReading')} />;
  if (read.data.length === 0)
    return (
      <EmptyState title={t('sitesEmpty')} body={t('sitesEmptyBody')}>
        <Button kind="primary" needs="site.write" onClick={onAdd}>
          {t('addSite')}
        </Button>
      </EmptyState>
    );
  const shown = read.data.filter((site) => scope.includesSite(site.id) && holdsWords(site, words));
  return (
    <>
      {read.data.length > 1 && (
        <div className="mb-3 max-w-80">
          <TextField
            label={t('filterSites')}
            isLabelHidden
            placeholder={t('filterSites')}
            value={text}
            onText={setText}
          />
        </div>
      )}
      {shown.length > 0 ? (
        <SitesTable sites={shown} />
      ) : (
        <EmptyState title={t('nothingFits')}>
          <Button onClick={() => setText('')}>{t('showAll')}</Button>
        </EmptyState>
      )}
    </>
  );
}
