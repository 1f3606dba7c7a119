// One device as a row: it renders when something of this device changed, and only then.
import { memo, type MouseEvent as Press } from 'react';
import { SimulatedMark } from '#console/web/src/ui/status-mark.tsx';
import type { ColumnKey } from './column-list.ts';
import { fleet, useIsSelected, useRow } from './fleet.ts';
import { cellOf } from './fleet-cells.tsx';
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
  index: number;
  columns: readonly ColumnKey[];
  actions: RowActions;
  /** The one row that Tab stops at. */
  isCursor: boolean;
}

export const FleetRow = memo(function FleetRow({ id, index, columns, actions, isCursor }: FleetRowProps) {
  const row = useRow(id);
  const isSelected = useIsSelected(id);
  return (
    // The link in it is what keys open; a press on the rest is the same for a pointer.
    <tr
      // biome-ignore lint/a11y/noRedundantRoles: laid out as a grid, it would be no row to some readers
      role="row"
      aria-rowindex={index + 2}
      className="row"
      data-selected={isSelected || undefined}
      onClick={(event) => onPress(event, id, actions)}
    >
      {/* biome-ignore lint/a11y/noRedundantRoles: the same */}
      <td role="cell" className="select-cell">
        <SelectBox id={id} row={row} isSelected={isSelected} actions={actions} />
      </td>
      {columns.map((key) => (key === 'name' ? nameCell({ id, row, index, isCursor, actions }) : cellOf(key, row)))}
    </tr>
  );
});

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

interface BoxProps {
  id: string;
  row: number;
  isSelected: boolean;
  actions: RowActions;
}

function SelectBox({ id, row, isSelected, actions }: BoxProps) {
  return (
    // Its label fills the cell, so that there is nothing beside it to miss.
    <label className="select-label">
      <input
        type="checkbox"
        className="tick"
        // Keys select by Space on the name; a stop per row more would double the way through the table.
        tabIndex={-1}
        checked={isSelected}
        aria-label={t('select', { name: fleet.rows.name[row] ?? '' })}
        // React hears the change of a box as its press, and a press knows of Shift.
        onChange={({ nativeEvent }) => actions.select(id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)}
      />
    </label>
  );
}

type NameCellProps = Omit<FleetRowProps, 'columns'> & { row: number };

/** Its link is a plain one, which the row opens: the router's own asks for its state with each of the rows. */
function nameCell({ id, row, index, isCursor, actions }: NameCellProps) {
  const { rows } = fleet;
  const isSimulated = rows.isSimulated[row] === 1;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: as of the row
    <td key="name" role="cell" className={isSimulated ? 'name-cell simulated' : 'name-cell'}>
      <a
        href={actions.hrefOf(id)}
        data-row={index}
        tabIndex={isCursor ? 0 : -1}
        className="row-link"
        title={rows.name[row]}
      >
        {rows.name[row]}
      </a>
      {isSimulated && <SimulatedMark />}
    </td>
  );
}
