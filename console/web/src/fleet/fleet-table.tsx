// The dense table: only the rows in view exist, yet it says how many there are; keys walk it row by row.
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { SimulatedMark } from '#console/web/src/ui/status-mark.tsx';
import { fleet } from './fleet.ts';
import { COLUMNS, type ColumnProps } from './fleet-columns.tsx';
import type { FleetViewProps } from './fleet-query.ts';
import { COLUMN_HINTS, COLUMN_TITLES, directionOf, nextSort } from './fleet-sort.ts';
import { useRowKeys } from './use-row-keys.ts';

const ROW_PX = 34;
/** The top bar and the table's own header stay in sight, and cover what scrolls below them. */
const COVERED_PX = 44 + 34;
/** Rows are a fraction of a pixel higher than said, and a walked-to row is to be seen whole. */
const SLACK_PX = 12;

export function FleetTable({ view, search, onChange }: FleetViewProps & { view: readonly number[] }) {
  const table = useRef<HTMLTableElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => watchTop(table.current, setTop), []);
  const rows = useWindowVirtualizer({
    count: view.length,
    estimateSize: () => ROW_PX,
    overscan: 10,
    scrollMargin: top,
    scrollPaddingStart: COVERED_PX,
    scrollPaddingEnd: SLACK_PX,
    getItemKey: (index) => fleet.columns.id[view[index] ?? -1] ?? index,
  });
  useRowKeys({ view, scrollTo: (index) => rows.scrollToIndex(index) });
  const now = useFiveSeconds();
  const items = rows.getVirtualItems();
  const before = (items[0]?.start ?? top) - top;
  const after = rows.getTotalSize() - ((items.at(-1)?.end ?? top) - top);
  return (
    <table ref={table} aria-label="Devices" aria-rowcount={view.length + 1} className="fleet">
      <thead>
        <tr aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <Header key={column.key} column={column} search={search} onChange={onChange} />
          ))}
        </tr>
      </thead>
      <tbody>
        <Spacer px={before} />
        {items.map(({ index, key }) => (
          <Row key={key} row={view[index] ?? 0} index={index} now={now} />
        ))}
        <Spacer px={after} />
      </tbody>
    </table>
  );
}

/** Tells where on the page the first row begins, again whenever the page grows or shrinks: relays above it come and go. */
function watchTop(table: HTMLTableElement | null, tell: (top: number) => void): () => void {
  const measure = () => tell((table?.tBodies[0]?.getBoundingClientRect().top ?? 0) + window.scrollY);
  measure();
  const observer = new ResizeObserver(measure);
  observer.observe(document.body);
  return () => observer.disconnect();
}

/** Stands for the rows out of view. One cell: spanning columns that are hidden would bring them back as empty ones. */
function Spacer({ px }: { px: number }) {
  if (px <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row holds nothing that could take the focus
    <tr aria-hidden="true" className="spacer">
      <td style={{ height: px }} />
    </tr>
  );
}

function Header({ column, search, onChange }: FleetViewProps & { column: ColumnProps }) {
  const direction = directionOf(search, column.key);
  return (
    <th scope="col" aria-sort={direction ?? 'none'} className={column.className} title={COLUMN_HINTS[column.key]}>
      <button type="button" onClick={() => onChange(nextSort(search, column.key))}>
        {COLUMN_TITLES[column.key]}
        <Arrow direction={direction} />
      </button>
    </th>
  );
}

function Arrow({ direction }: { direction: ReturnType<typeof directionOf> }) {
  const path = direction === 'ascending' ? 'M2 6.5 5 3.5 8 6.5' : 'M2 3.5 5 6.5 8 3.5';
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className={`size-2.5 ${direction === undefined ? 'invisible' : ''}`}>
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  );
}

function Row({ row, index, now }: { row: number; index: number; now: number }) {
  return (
    <tr aria-rowindex={index + 2} className="row">
      {COLUMNS.map(({ key, className, Cell }) => (
        <td key={key} className={className}>
          {key === 'name' ? <NameCell row={row} index={index} /> : <Cell row={row} now={now} />}
        </td>
      ))}
    </tr>
  );
}

/** The link covers its row: a press anywhere opens the device. */
function NameCell({ row, index }: { row: number; index: number }) {
  const { columns } = fleet;
  return (
    <span className="flex items-center gap-2">
      <Link
        to="/devices/$id"
        params={{ id: columns.id[row] ?? '' }}
        data-row={index}
        className="row-link"
        title={columns.name[row]}
      >
        {columns.name[row]}
      </Link>
      {columns.isSimulated[row] === true && <SimulatedMark />}
    </span>
  );
}
