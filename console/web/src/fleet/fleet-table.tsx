// The dense table: only the rows in view exist, yet it says how many there are. It scrolls by itself, so that its heads and names stay in sight.
// React draws it and its heads, `table-body.ts` its rows: decision 0021.
import { type CSSProperties, useCallback, useMemo, useRef } from 'react';
import { isTight, sumOf, tracksOf } from './column-layout.ts';
import { fleet, selection, useSelection } from './fleet.ts';
import { FleetHeader } from './fleet-header.tsx';
import type { FleetViewProps } from './fleet-search.ts';
import { t } from './text.ts';
import type { ColumnState } from './use-columns.ts';
import { idsOf, useListKeys } from './use-list-keys.ts';
import { useRoom } from './use-room.ts';
import { useRowHeight } from './use-row-height.ts';
import { useTableBody } from './use-table-body.ts';

interface FleetTableProps extends FleetViewProps {
  view: readonly number[];
  columns: ColumnState;
  /** The text of the filter: another question begins at the top. */
  asked: string;
  onLeave: () => boolean;
}

export function FleetTable({ view, search, onChange, columns, asked, onLeave }: FleetTableProps) {
  const region = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const rowPx = useRowHeight(region, search.density);
  const heightPx = useRoom(region);
  const { keys, widths, onWidth } = columns;
  const question = `${asked} ${search.sort ?? ''}`;
  const { marks, scrollTo } = useTableBody({ region, body, view, columns: keys, rowPx, heightPx, question });
  useListKeys({ view, scrollTo, onLeave });
  const chosen = useChosen(view);
  const latest = useRef(view);
  latest.current = view;
  const selectAll = useCallback((isOn: boolean) => {
    const ids = idsOf(latest.current);
    if (isOn) selection.addAll(ids);
    else selection.takeAll(ids);
  }, []);
  return (
    <section
      ref={region}
      aria-label={t('tableScrolls')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keys
      tabIndex={0}
      className="fleet-region"
      style={{ maxHeight: heightPx }}
    >
      <table
        // biome-ignore lint/a11y/noRedundantRoles: laid out as blocks, it would be no table to some readers
        role="table"
        aria-label={t('tableLabel')}
        aria-rowcount={view.length + 1}
        className="fleet"
        data-wide={columns.isWide || undefined}
        data-tight={isTight(keys, widths) || undefined}
        style={lookOf(columns)}
      >
        <FleetHeader
          {...{ search, onChange, columns: keys, widths, onWidth }}
          selected={chosen}
          onSelectAll={selectAll}
        />
        {/* biome-ignore lint/a11y/noRedundantRoles: as of the table */}
        <tbody ref={body} role="rowgroup" />
      </table>
      {marks}
    </section>
  );
}

/** Each row is laid out by itself, so that a number that changes moves no other row: the table says how wide its columns are. */
function lookOf({ keys, widths }: ColumnState): CSSProperties {
  const style = { minWidth: sumOf(keys, widths), '--columns': tracksOf(keys, widths) };
  return style as CSSProperties; // React's type knows no custom properties
}

function useChosen(view: readonly number[]): 'none' | 'some' | 'all' {
  const { ids } = useSelection();
  return useMemo(() => {
    if (ids.size === 0) return 'none';
    let count = 0;
    for (const row of view) if (ids.has(fleet.rows.id[row] ?? '')) count += 1;
    return count === 0 ? 'none' : count === view.length ? 'all' : 'some';
  }, [ids, view]);
}
