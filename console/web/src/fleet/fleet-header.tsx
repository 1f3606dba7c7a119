// The heads of the columns: a press sorts, an edge is drawn to make a column wider, and so do Shift and an arrow.
import { type KeyboardEvent, memo, type PointerEvent, useRef } from 'react';
import { SortArrow } from '#console/web/src/ui/table.tsx';
import { clampWidth, WIDTH_STEP, type Widths, widthOf } from './column-layout.ts';
import { type ColumnKey, isDescendingFirst, isNumberColumn, isSortable } from './column-list.ts';
import { type FleetViewProps, sortingOf } from './fleet-search.ts';
import { fieldTitle, t } from './text.ts';

export interface HeaderProps extends FleetViewProps {
  columns: readonly ColumnKey[];
  widths: Widths;
  onWidth: (key: ColumnKey, px: number | undefined) => void;
  selected: 'none' | 'some' | 'all';
  onSelectAll: (isOn: boolean) => void;
}

/** It stays as it is while somebody types. */
export const FleetHeader = memo(function FleetHeader(props: HeaderProps) {
  const { columns, selected, onSelectAll } = props;
  return (
    // biome-ignore lint/a11y/noRedundantRoles: laid out as blocks, it would be no head to some readers
    <thead role="rowgroup">
      {/* biome-ignore lint/a11y/noRedundantRoles: the same */}
      <tr role="row" aria-rowindex={1}>
        {/* biome-ignore lint/a11y/noRedundantRoles: the same */}
        <th role="columnheader" scope="col" className="select-cell">
          <label className="select-label">
            <input
              ref={(box) => {
                if (box !== null) box.indeterminate = selected === 'some';
              }}
              type="checkbox"
              className="tick"
              aria-label={t('selectAll')}
              checked={selected === 'all'}
              onChange={(event) => onSelectAll(event.target.checked)}
            />
          </label>
        </th>
        {columns.map((key) => (
          <Head key={key} column={key} {...props} />
        ))}
      </tr>
    </thead>
  );
});

const HINTS = {
  disk: 'hintDisk',
  load: 'hintLoad',
  rx: 'hintRx',
  tx: 'hintTx',
  polled: 'hintPolled',
  added: 'hintAdded',
} as const;
const hintOf = (key: ColumnKey): string | undefined => (key in HINTS ? t(HINTS[key as keyof typeof HINTS]) : undefined); // just asked

function Head({ column, search, onChange, widths, onWidth }: HeaderProps & { column: ColumnKey }) {
  const sorting = sortingOf(search);
  const isSorted = sorting.key === column;
  const direction = isSorted ? (sorting.isDescending ? 'descending' : 'ascending') : undefined;
  const sort = () => {
    const isDescending = isSorted ? !sorting.isDescending : isDescendingFirst(column);
    onChange({ sort: `${isDescending ? '-' : ''}${column}` });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? WIDTH_STEP : event.key === 'ArrowLeft' ? -WIDTH_STEP : 0;
    if (!event.shiftKey || by === 0) return;
    event.preventDefault();
    onWidth(column, clampWidth(widthOf(column, widths) + by));
  };
  const classes = [column === 'name' ? 'name-cell' : '', isNumberColumn(column) ? 'number' : ''].join(' ').trim();
  return (
    <th
      // biome-ignore lint/a11y/noRedundantRoles: as of the whole head
      role="columnheader"
      scope="col"
      aria-sort={isSortable(column) ? (direction ?? 'none') : undefined}
      className={classes}
      title={hintOf(column)}
    >
      {isSortable(column) ? (
        <button type="button" className="head-button" onClick={sort} onKeyDown={onKeyDown}>
          <span className="truncate">{fieldTitle(column)}</span>
          <SortArrow direction={direction} />
        </button>
      ) : (
        <span className="head-button">{fieldTitle(column)}</span>
      )}
      <Edge column={column} onWidth={onWidth} />
    </th>
  );
}

/** For pointers only; keys use the head itself, and a single press the chooser of columns. */
function Edge({ column, onWidth }: Pick<HeaderProps, 'onWidth'> & { column: ColumnKey }) {
  const start = useRef<{ x: number; px: number }>(undefined);
  const onDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const px = event.currentTarget.parentElement?.getBoundingClientRect().width ?? 0;
    start.current = { x: event.clientX, px };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onMove = (event: PointerEvent<HTMLElement>) => {
    if (start.current === undefined) return;
    onWidth(column, clampWidth(start.current.px + event.clientX - start.current.x));
  };
  const onUp = () => {
    start.current = undefined;
  };
  return (
    <span
      aria-hidden="true"
      className="head-edge"
      onPointerDown={onDown}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={onUp}
      onDoubleClick={() => onWidth(column, undefined)}
    />
  );
}
