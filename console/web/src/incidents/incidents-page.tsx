// The board of incidents: what is wrong now, the newest first, each with the devices it takes along and who looks after it.
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useEstateScope } from '#console/web/src/shell/estate-scope.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { Button } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { BoardBulk } from './board-bulk.tsx';
import { BoardFilters } from './board-filters.tsx';
import { IncidentRow } from './incident-row.tsx';
import { type Incident, type IncidentFilter, useIncidents } from './incidents-data.ts';
import { type IncidentsSearch, isNarrowed } from './incidents-search.ts';
import { t } from './text.ts';
import { useMyId } from './use-my-id.ts';
import './incidents.css';

const route = getRouteApi('/shell/incidents');

export function IncidentsPage() {
  usePageTitle(t('title'));
  const { state, severity, mine, muted } = route.useSearch();
  const navigate = useNavigate();
  const search: IncidentsSearch = {
    ...(state !== undefined && { state }),
    ...(severity !== undefined && { severity }),
    ...(mine === true && { mine }),
    ...(muted === true && { muted }),
  };
  const onSearch = (next: IncidentsSearch) =>
    void navigate({ to: '/incidents', search: next, replace: true, resetScroll: false });
  return (
    <>
      <PageHead title={t('title')} note={t('note')} />
      <BoardFilters search={search} onSearch={onSearch} />
      <Board search={search} onAll={() => onSearch({})} />
    </>
  );
}

function useFilter({ state, severity, mine, muted }: IncidentsSearch): IncidentFilter {
  const site = useEstateScope().site?.id;
  const me = useMyId();
  return useMemo(
    () => ({
      state: state ?? 'open',
      ...(muted === true && { muted: 'true' }),
      ...(severity !== undefined && { severity }),
      ...(site !== undefined && { siteId: site }),
      ...(mine === true && me !== undefined && { assignee: me }),
    }),
    [state, severity, mine, muted, site, me],
  );
}

function Board({ search, onAll }: { search: IncidentsSearch; onAll: () => void }) {
  const read = useIncidents(useFilter(search));
  const { includesSite } = useEstateScope();
  const pages = read.data?.pages;
  const rows = useMemo(
    () => pages?.flatMap(({ items }) => items).filter(({ siteId }) => siteId === null || includesSite(siteId)),
    [pages, includesSite],
  );
  if (rows === undefined && read.isError)
    return <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />;
  if (rows === undefined) return <SkeletonRows label={t('reading')} />;
  if (rows.length === 0 && !read.hasNextPage)
    return (
      <EmptyState title={t('nothing')} body={t(isNarrowed(search) ? 'nothingFits' : 'nothingBody')}>
        {isNarrowed(search) && <Button onClick={onAll}>{t('showAll')}</Button>}
      </EmptyState>
    );
  return (
    <>
      <Rows rows={rows} />
      {read.hasNextPage && (
        <div className="mt-3">
          <Button isBusy={read.isFetchingNextPage} onClick={() => void read.fetchNextPage()}>
            {t('earlier')}
          </Button>
        </div>
      )}
    </>
  );
}

function Rows({ rows }: { rows: readonly Incident[] }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  // What is gone from the board is chosen no more.
  const ids = rows.map(({ id }) => id).filter((id) => chosen.has(id));
  const toggle = (id: string) => setChosen((former) => toggled(former, id));
  return (
    <>
      <BoardBulk
        ids={ids}
        isAll={ids.length === rows.length}
        onAll={(isOn) => setChosen(new Set(isOn ? rows.map(({ id }) => id) : []))}
        onDone={() => setChosen(new Set())}
      />
      <ul className="incident-list" aria-label={t('title')}>
        {rows.map((incident) => (
          <IncidentRow
            key={incident.id}
            incident={incident}
            isChosen={chosen.has(incident.id)}
            onChoose={() => toggle(incident.id)}
          />
        ))}
      </ul>
    </>
  );
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
