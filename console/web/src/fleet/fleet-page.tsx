// The fleet: how many are well, how the sites are linked, and every device in one dense table.
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { useKeys } from '#console/web/src/ui/use-keys.ts';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';
import { fleet, useFleet } from './fleet.ts';
import { FleetCards } from './fleet-cards.tsx';
import { EmptyFleet, NothingFits } from './fleet-empty.tsx';
import { type FleetPatch, type FleetViewProps, patched, toFleetQuery } from './fleet-query.ts';
import { FleetTable } from './fleet-table.tsx';
import { FleetToolbar } from './fleet-toolbar.tsx';
import { RelayStrip } from './relay-strip.tsx';

const route = getRouteApi('/shell/fleet');

export function FleetPage() {
  usePageTitle('Fleet');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = useRef<HTMLInputElement>(null);
  const change = useCallback(
    (patch: FleetPatch) =>
      void navigate({ search: (former) => patched(former, patch), replace: true, resetScroll: false }),
    [navigate],
  );
  useKeys(useMemo(() => ({ '/': () => filter.current?.select() }), []));
  return (
    <>
      <h1 className="sr-only">Fleet</h1>
      <RelayStrip />
      <FleetToolbar search={search} onChange={change} filter={filter} />
      <FleetBody search={search} onChange={change} />
    </>
  );
}

function FleetBody({ search, onChange }: FleetViewProps) {
  const read = useFleet();
  useSyncExternalStore(fleet.subscribe, fleet.version);
  const query = useMemo(() => toFleetQuery(search), [search]);
  const view = fleet.view(query);
  const isNarrow = useIsNarrow();
  if (read.isError && fleet.size === 0)
    return <FaultNote what="The fleet could not be read." error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined && fleet.size === 0) return <SkeletonRows label="Reading the fleet" />;
  if (fleet.size === 0) return <EmptyFleet />;
  if (view.length === 0) return <NothingFits onClear={() => onChange({ q: undefined, status: undefined })} />;
  return isNarrow ? <FleetCards view={view} /> : <FleetTable view={view} search={search} onChange={onChange} />;
}
