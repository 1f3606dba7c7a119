// The audit trail: filtered by what stands in the URL, newest first and live, with its proof and a way to take it along.
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useEstateScope } from '#console/web/src/shell/estate-scope.ts';
import { usePageAct } from '#console/web/src/shell/page-act.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { usePeopleNames, useTrail } from './audit-data.ts';
import { AuditFilters } from './audit-filters.tsx';
import { AuditRows } from './audit-rows.tsx';
import { type AuditSearch, auditFilter, exportPath, isNarrowed } from './audit-search.ts';
import { t } from './text.ts';
import { VerdictPart } from './verdict-part.tsx';
import './audit.css';

const route = getRouteApi('/shell/audit');

function useAuditView() {
  const { actor, verb, resource, outcome, since, until, proof } = route.useSearch();
  const site = useEstateScope().site?.id;
  // The search holds what other pages keep in it, too.
  const search = useMemo<AuditSearch>(
    () => ({
      ...(actor !== undefined && { actor }),
      ...(verb !== undefined && { verb }),
      ...(resource !== undefined && { resource }),
      ...(outcome !== undefined && { outcome }),
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
      ...(proof === true && { proof }),
    }),
    [actor, verb, resource, outcome, since, until, proof],
  );
  const filter = useMemo(() => auditFilter(search, site), [search, site]);
  const navigate = useNavigate();
  const onSearch = (next: AuditSearch) =>
    void navigate({ to: '/audit', search: next, replace: true, resetScroll: false });
  return { search, filter, onSearch };
}

export function AuditPage() {
  usePageTitle(t('title'));
  const { search, filter, onSearch } = useAuditView();
  const names = usePeopleNames();
  const { proof, ...filters } = search;
  const verify = () => onSearch({ ...filters, proof: true });
  usePageAct('audit.verify', verify);
  return (
    <>
      <PageHead title={t('title')} note={<span className="block max-w-prose">{t('intro')}</span>}>
        <LinkButton to="/signers" icon="lock" needs="charter.read">
          {t('signers')}
        </LinkButton>
        {/* The browser takes it as it is written, however long it is. */}
        <a href={exportPath(filter)} download className="button button-plain">
          <Icon name="download" />
          {t('export')}
        </a>
        <Button kind="primary" icon="check" onClick={verify}>
          {t('verify')}
        </Button>
      </PageHead>
      {proof === true ? (
        <VerdictPart onHide={() => onSearch(filters)} />
      ) : (
        <>
          <AuditFilters search={search} names={names} onSearch={onSearch} />
          <Trail filter={filter} names={names} isNarrowed={isNarrowed(search)} onAll={() => onSearch({})} />
        </>
      )}
    </>
  );
}

interface TrailProps {
  filter: ReturnType<typeof auditFilter>;
  names: ReadonlyMap<string, string>;
  isNarrowed: boolean;
  onAll: () => void;
}

function Trail({ filter, names, isNarrowed, onAll }: TrailProps) {
  const { rows, pages } = useTrail(filter);
  if (rows === undefined && pages.isError)
    return <FaultNote what={t('notRead')} error={pages.error} onRetry={() => void pages.refetch()} />;
  if (rows === undefined) return <SkeletonRows label={t('reading')} />;
  if (rows.length === 0)
    return (
      <EmptyState title={t('nothing')} body={t('nothingBody')}>
        {isNarrowed && <Button onClick={onAll}>{t('showAll')}</Button>}
      </EmptyState>
    );
  return (
    <>
      <AuditRows rows={rows} names={names} />
      <div className="mt-3">
        {pages.hasNextPage ? (
          <Button isBusy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t('earlier')}
          </Button>
        ) : (
          <p className="m-0 text-muted">{t('noEarlier')}</p>
        )}
      </div>
    </>
  );
}
