// The dense table: only the rows in view exist, yet it says how many there are. It scrolls by itself, so that its heads and names stay in sight.

import { useRouter, useSearch } from '@tanstack/react-router';
import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { isTight, sumOf, tracksOf } from './column-layout.ts';
import type { ColumnKey } from './column-list.ts';
import { fleet, selection, useSelection } from './fleet.ts';
import { FleetHeader } from './fleet-header.tsx';
import { FleetRow, type RowActions } from './fleet-row.tsx';
import type { FleetViewProps } from './fleet-search.ts';
import { focusedSlot, RowSlots } from './row-slots.ts';
import { t } from './text.ts';
import type { ColumnState } from './use-columns.ts';
import { idsOf, useListKeys } from './use-list-keys.ts';
import { useRoom } from './use-room.ts';
import { useRowHeight } from './use-row-height.ts';

interface FleetTableProps extends FleetViewProps {
  view: readonly number[];
  columns: ColumnState;
  /** The text of the filter: another question begins at the top. */
  asked: string;
  onLeave: () => boolean;
}

export function FleetTable({ view, search, onChange, columns, asked, onLeave }: FleetTableProps) {
  const region = useRef<HTMLDivElement>(null);
  const rowPx = useRowHeight(region);
  const heightPx = useRoom(region);
  const rows = useVirtualizer({
    count: view.length,
    getScrollElement: () => region.current,
    estimateSize: () => rowPx,
    initialRect: { width: 0, height: heightPx },
    // A press of an arrow meets the next row, and a turn of the wheel the next few.
    overscan: 4,
    // The head stands before the first row, stays in sight, and covers what scrolls below it.
    scrollMargin: rowPx,
    scrollPaddingStart: rowPx,
  });
  useMeasuredAnew(rows, rowPx);
  useTopOnChange(rows, `${asked} ${search.sort ?? ''}`);
  useListKeys({ view, scrollTo: (index) => rows.scrollToIndex(index), onLeave });
  const actions = useRowActions(view);
  const chosen = useChosen(view);
  const selectAll = (isOn: boolean) => (isOn ? selection.addAll(idsOf(view)) : selection.takeAll(idsOf(view)));
  const { keys, widths, onWidth } = columns;
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
        <Body rows={rows} view={view} columns={keys} actions={actions} />
      </table>
    </section>
  );
}

/** A density with other rows. */
function useMeasuredAnew(rows: Virtualizer<HTMLDivElement, Element>, rowPx: number): void {
  const former = useRef(rowPx);
  useLayoutEffect(() => {
    if (former.current !== rowPx) rows.measure();
    former.current = rowPx;
  }, [rows, rowPx]);
}

/** Another question begins at the top. The list knows where it is: asking the page would lay it out twice. */
function useTopOnChange(rows: Virtualizer<HTMLDivElement, Element>, question: string): void {
  const former = useRef(question);
  useLayoutEffect(() => {
    if (former.current !== question && rows.scrollOffset !== 0) rows.scrollToOffset(0);
    former.current = question;
  }, [rows, question]);
}

/** Each row is laid out by itself, so that a number that changes moves no other row: the table says how wide its columns are. */
function lookOf({ keys, widths }: ColumnState): CSSProperties {
  const style = { minWidth: sumOf(keys, widths), '--columns': tracksOf(keys, widths) };
  return style as CSSProperties; // React's type knows no custom properties
}

interface BodyProps {
  rows: Virtualizer<HTMLDivElement, Element>;
  view: readonly number[];
  columns: readonly ColumnKey[];
  actions: RowActions;
}

function Body({ rows, view, columns, actions }: BodyProps): ReactNode {
  const items = rows.getVirtualItems();
  const { scrollMargin } = rows.options;
  const before = (items[0]?.start ?? scrollMargin) - scrollMargin;
  const after = rows.getTotalSize() - ((items.at(-1)?.end ?? scrollMargin) - scrollMargin);
  const cursor = useCursor(view, items);
  // The list of places knows no devices: it stays as it is while they change their order.
  const ids = items.map(({ index }) => fleet.rows.id[view[index] ?? -1] ?? '');
  const slots = useRef<RowSlots>(undefined);
  slots.current ??= new RowSlots();
  const keys = slots.current.keysOf(ids, focusedSlot());
  return (
    // biome-ignore lint/a11y/noRedundantRoles: as of the table
    <tbody role="rowgroup" onFocus={cursor.onFocus} onPointerEnter={actions.getReady} onFocusCapture={actions.getReady}>
      <Spacer px={before} />
      {items.map(({ index }, place) => {
        const [id = '', slot = -1] = [ids[place], keys[place]];
        return <FleetRow key={slot} {...{ id, slot, index, columns, actions }} isCursor={id === cursor.id} />;
      })}
      <Spacer px={after} />
    </tbody>
  );
}

/** One row is a stop on the way by Tab, the one last focused or the first in sight: arrows lead to the others. */
function useCursor(view: readonly number[], items: readonly VirtualItem[]) {
  const [last, setLast] = useState<string>();
  const idAt = (index: number | undefined) => fleet.rows.id[view[index ?? -1] ?? -1];
  const isInSight = items.some(({ index }) => idAt(index) === last);
  const onFocus = ({ target }: React.FocusEvent) => {
    const index = target.getAttribute('data-row');
    if (index !== null) setLast(idAt(Number(index)));
  };
  return { id: isInSight ? last : idAt(items[0]?.index), onFocus };
}

/** Stands for the rows out of view. */
function Spacer({ px }: { px: number }) {
  if (px <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row holds nothing that could take the focus
    <tr aria-hidden="true" className="spacer" style={{ height: px }} />
  );
}

/** The same functions for all rows, for as long as the scope is the same: rows compare them. */
function useRowActions(view: readonly number[]): RowActions {
  const router = useRouter();
  const { customer, site } = useSearch({ from: '/shell' });
  const latest = useRef(view);
  latest.current = view;
  return useMemo(() => {
    // What stands for the id of a device in their address.
    const place = '00000000';
    const { href } = router.buildLocation({ to: '/devices/$id', params: { id: place }, search: { customer, site } });
    return {
      hrefOf: (id) => href.replace(place, id),
      select: (id, isRange) => (isRange ? selection.toggleRange(id, idsOf(latest.current)) : selection.toggle(id)),
      open: (id) => void router.navigate({ to: '/devices/$id', params: { id } }),
      getReady: () => void router.preloadRoute({ to: '/devices/$id', params: { id: place } }),
    };
  }, [router, customer, site]);
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
