// One device as a row: it renders when something of this device changed, and only then.
import { Link } from '@tanstack/react-router';
import { memo, type MouseEvent as Press } from 'react';
import { SimulatedMark } from '#console/web/src/ui/status-mark.tsx';
import { type ColumnKey, isNumberColumn } from './column-list.ts';
import { fleet, useIsSelected, useRow } from './fleet.ts';
import { cellOf } from './fleet-cells.tsx';
import { t } from './text.ts';

export interface RowActions {
  select: (id: string, isRange: boolean) => void;
  open: (id: string) => void;
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
      aria-rowindex={index + 2}
      className="row"
      data-selected={isSelected || undefined}
      onClick={(event) => onPress(event, id, actions)}
    >
      <td className="select-cell">
        <SelectBox id={id} row={row} isSelected={isSelected} actions={actions} />
      </td>
      {columns.map((key) => (
        <td key={key} className={key === 'name' ? 'name-cell' : isNumberColumn(key) ? 'number' : undefined}>
          {key === 'name' ? <NameCell {...{ id, row, index, isCursor }} /> : cellOf(key, row)}
        </td>
      ))}
    </tr>
  );
});

/** Anywhere on a row opens its device; with Shift or Ctrl it selects, as in every list of files. */
function onPress(event: Press<HTMLElement>, id: string, { select, open }: RowActions): void {
  const isOwn = event.target instanceof Element && event.target.closest('a, input, label') !== null;
  if (isOwn || event.defaultPrevented) return;
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

type NameCellProps = Pick<FleetRowProps, 'id' | 'index' | 'isCursor'> & { row: number };

function NameCell({ id, row, index, isCursor }: NameCellProps) {
  const { rows } = fleet;
  return (
    <span className="flex items-center gap-2">
      <Link
        to="/devices/$id"
        params={{ id }}
        data-row={index}
        tabIndex={isCursor ? 0 : -1}
        className="row-link"
        title={rows.name[row]}
      >
        {rows.name[row]}
      </Link>
      {rows.isSimulated[row] === 1 && <SimulatedMark />}
    </span>
  );
}
