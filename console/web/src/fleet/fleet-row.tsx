// One device as a row: it renders when something of this device changed, and only then.
import { memo, type MouseEvent as Press, type ReactElement, useMemo, useRef } from 'react';
import { SimulatedMark } from '#console/web/src/ui/status-mark.tsx';
import type { ColumnKey } from './column-list.ts';
import { fleet, useIsSelected, useRow } from './fleet.ts';
import { type CellProps, cellOf, keptCell } from './fleet-cells.tsx';
import { t } from './text.ts';

export interface RowActions {
  hrefOf: (id: string) => string;
  select: (id: string, isRange: boolean) => void;
  open: (id: string) => void;
  /** Whoever comes near the rows may open one: its page is loaded by then. */
  getReady: () => void;
}

interface FleetRowProps {
  id: string;
  slot: number;
  index: number;
  columns: readonly ColumnKey[];
  actions: RowActions;
  /** The one row that Tab stops at. */
  isCursor: boolean;
}

export const FleetRow = memo(function FleetRow({ id, slot, index, columns, actions, isCursor }: FleetRowProps) {
  const row = useRow(id);
  const isSelected = useIsSelected(id);
  const name = fleet.rows.name[row] ?? '';
  const isSimulated = fleet.rows.isSimulated[row] === 1;
  const kept = useKeptCells();
  const box = useMemo(() => <SelectBox {...{ id, name, isSelected, actions }} />, [id, name, isSelected, actions]);
  const nameCell = useMemo(
    () => <NameCell key="name" {...{ id, name, isSimulated, index, isCursor, actions }} />,
    [id, name, isSimulated, index, isCursor, actions],
  );
  return (
    // The link in it is what keys open; a press on the rest is the same for a pointer.
    <tr
      // biome-ignore lint/a11y/noRedundantRoles: laid out as a grid, it would be no row to some readers
      role="row"
      aria-rowindex={index + 2}
      data-slot={slot}
      className="row"
      data-selected={isSelected || undefined}
      onClick={(event) => onPress(event, id, actions)}
    >
      {box}
      {columns.map((key) => (key === 'name' ? nameCell : kept(key, cellOf(key, row))))}
    </tr>
  );
});

/** Most cells of a row say the same when its numbers change. */
function useKeptCells() {
  const cells = useRef(new Map<ColumnKey, ReactElement<CellProps>>());
  return (key: ColumnKey, next: ReactElement<CellProps>) => {
    const cell = keptCell(cells.current.get(key), next);
    cells.current.set(key, cell);
    return cell;
  };
}

/** Anywhere on a row opens its device; with Shift or Ctrl it selects, as in every list of files. */
function onPress(event: Press<HTMLElement>, id: string, { select, open }: RowActions): void {
  if (event.defaultPrevented || !(event.target instanceof Element)) return;
  const isPlain = !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey);
  if (event.target.closest('a') !== null) {
    // With a key held down a link is the browser's: another tab, another window, a file.
    if (isPlain) event.preventDefault();
    if (isPlain) open(id);
    return;
  }
  if (event.target.closest('input, label') !== null) return;
  if (event.shiftKey || event.ctrlKey || event.metaKey) select(id, event.shiftKey);
  // Whoever marks a text wants to copy it.
  else if (getSelection()?.isCollapsed !== false) open(id);
}

type BoxProps = Pick<FleetRowProps, 'id' | 'actions'> & { name: string; isSelected: boolean };

function SelectBox({ id, name, isSelected, actions }: BoxProps) {
  return (
    // biome-ignore lint/a11y/noRedundantRoles: as of the row
    <td role="cell" className="select-cell">
      {/* Its label fills the cell, so that there is nothing beside it to miss. */}
      <label className="select-label">
        <input
          type="checkbox"
          className="tick"
          // Keys select by Space on the name; a stop per row more would double the way through the table.
          tabIndex={-1}
          checked={isSelected}
          aria-label={t('select', { name })}
          // React hears the change of a box as its press, and a press knows of Shift.
          onChange={({ nativeEvent }) => actions.select(id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
        />
      </label>
    </td>
  );
}

type NameCellProps = Omit<FleetRowProps, 'columns' | 'slot'> & { name: string; isSimulated: boolean };

/** Its link is a plain one, which the row opens: the router's own asks for its state with each of the rows. */
function NameCell({ id, name, isSimulated, index, isCursor, actions }: NameCellProps) {
  return (
    // biome-ignore lint/a11y/noRedundantRoles: as of the row
    <td role="cell" className={isSimulated ? 'name-cell simulated' : 'name-cell'}>
      <a href={actions.hrefOf(id)} data-row={index} tabIndex={isCursor ? 0 : -1} className="row-link" title={name}>
        {name}
      </a>
      {isSimulated && <SimulatedMark />}
    </td>
  );
}
