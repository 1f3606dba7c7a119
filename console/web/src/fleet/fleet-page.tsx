// The fleet: every device in one dense list, narrowed by a filter as one types, live.
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { leaveTrail } from '#console/web/src/device/neighbours.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { useKeys } from '#console/web/src/ui/use-keys.ts';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';
import { Announcement } from './announcement.tsx';
import { FacetPanel } from './facet-panel.tsx';
import { fleet, useFleet, useLoads } from './fleet.ts';
import './fleet.css';
import { FilterChips } from './filter-chips.tsx';
import { FleetCards } from './fleet-cards.tsx';
import { EmptyFleet, NothingFits } from './fleet-empty.tsx';
import { type FleetPatch, type FleetViewProps, patched } from './fleet-search.ts';
import { FleetTable } from './fleet-table.tsx';
import { FleetToolbar } from './fleet-toolbar.tsx';
import { goTo } from './row-walk.ts';
import { SelectionBar } from './selection-bar.tsx';
import { t } from './text.ts';
import { type ColumnState, useColumns } from './use-columns.ts';
import { useFacetsOpen } from './use-facets-open.ts';
import { type FilterState, useFilterText } from './use-filter-text.ts';
import { type FleetView, useFleetView } from './use-fleet-view.ts';

const route = getRouteApi('/shell/fleet');

export function FleetPage() {
  usePageTitle(t('title'));
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const onChange = useCallback(
    (patch: FleetPatch) =>
      void navigate({
        search: ({ customer, site, ...former }) => ({
          ...(customer === undefined ? {} : { customer }),
          ...(site === undefined ? {} : { site }),
          ...patched(former, patch),
        }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  const read = useFleet();
  const loads = useLoads();
  if (read.isError && loads === 0)
    return <FaultNote what={t('readFault')} error={read.error} onRetry={() => void read.refetch()} />;
  if (loads === 0) return <SkeletonRows label={t('reading')} />;
  if (fleet.rows.size === 0)
    return (
      <>
        <h1 className="page-title">{t('title')}</h1>
        <EmptyFleet />
      </>
    );
  return <LoadedFleet search={search} onChange={onChange} />;
}

const toTop = () => document.querySelector('.fleet-region')?.scrollTo(0, 0);

function LoadedFleet({ search, onChange }: FleetViewProps) {
  const router = useRouter();
  const onSettle = useCallback(
    (q: string) => {
      // Whoever has gone on to a device meanwhile is not called back.
      if (router.latestLocation.pathname === '/fleet') onChange({ q: q === '' ? undefined : q });
    },
    [router, onChange],
  );
  const state = useFilterText(search.q ?? '', onSettle);
  const view = useFleetView(state.text, search);
  const place = useRef<HTMLDivElement>(null);
  const facets = useFacetsOpen();
  const columns = useColumns({ search, onChange }, { place, areFacetsBeside: facets.isBeside });
  const field = useRef<HTMLInputElement>(null);
  const [isSelecting, setIsSelecting] = useState(false);
  useKeys(useMemo(() => ({ '/': { run: () => field.current?.select(), what: t('keyFilter') } }), []));
  const total = useTotal(view);
  // A device's page leads on to the next of this list, and back to it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address changes with what is asked
  useEffect(() => {
    const { pathname, search: query } = location;
    leaveTrail({ href: `${pathname}${query}`, ids: () => view.rows.map((row) => fleet.rows.id[row] ?? '') });
  }, [view.rows, search]);
  return (
    <div className="fleet-page" data-density={search.density}>
      <FleetToolbar
        {...{ search, onChange, state, view, columns, field, facets, isSelecting }}
        onSelecting={setIsSelecting}
        onDone={() => {
          // Now, not after a pause: the way back leads to what was asked.
          state.put(state.text);
          goTo({ view: view.rows, scrollTo: toTop }, 0);
        }}
      />
      <FilterChips {...{ view, total, state, search, onChange }} />
      <Announcement asked={`${search.q ?? ''} ${total}`} part={view.rows.length} total={total} />
      <div className="flex min-w-0 items-start gap-4">
        {facets.isBeside && (
          <aside aria-label={t('facets')} className="facet-side">
            <FacetPanel view={view} state={state} />
          </aside>
        )}
        <div ref={place} className="min-w-0 flex-1">
          <FleetBody {...{ search, onChange, view, state, columns, isSelecting }} onSelecting={setIsSelecting} />
          <SelectionBar view={view} />
        </div>
      </div>
    </div>
  );
}

/** As many as there are in the chosen customer or site. */
function useTotal({ scope, rows }: FleetView): number {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows move when the fleet does
  return useMemo(() => fleet.fitting(scope).length, [scope, rows]);
}

interface BodyProps extends FleetViewProps {
  view: FleetView;
  state: FilterState;
  columns: ColumnState;
  isSelecting: boolean;
  onSelecting: (isSelecting: boolean) => void;
}

function FleetBody({ search, onChange, view, state, columns, isSelecting, onSelecting }: BodyProps) {
  const isNarrow = useIsNarrow();
  const leave = () => {
    if (state.text !== '') state.put('');
    return state.text !== '';
  };
  if (view.rows.length === 0 && !view.remote.isAsking) return <NothingFits onClear={() => state.put('')} />;
  if (isNarrow)
    return <FleetCards view={view.rows} isSelecting={isSelecting} onSelecting={onSelecting} onLeave={leave} />;
  return <FleetTable view={view.rows} {...{ search, onChange, columns }} asked={state.text} onLeave={leave} />;
}
