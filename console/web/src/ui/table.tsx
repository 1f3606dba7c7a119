// Tables of up to some hundreds of rows: sortable heads that stay in sight, and a scroll of their own on narrow screens.
import { type ReactNode, useMemo, useState } from 'react';
import { ScrollArea } from './scroll-area.tsx';
import { type Sort, type SortValue, sorted } from './sort.ts';

export interface Column<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** What its order goes by; a column without it cannot be sorted. */
  sortBy?: (row: Row) => SortValue;
  isNumber?: boolean;
  /** Widths and the width of page it appears from. */
  className?: string;
}

interface TableProps<Row> {
  caption: string;
  isCaptionHidden?: boolean;
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** How it is sorted from the start; the head changes it. */
  initialSort?: Sort;
  /** Stands in place of the rows when there are none. */
  empty?: ReactNode;
  /** Such as "max-h-96": scrolls below its head. */
  className?: string;
}

export function Table<Row>(props: TableProps<Row>) {
  const { caption, isCaptionHidden = false, columns, rows, rowKey, initialSort, empty, className = '' } = props;
  const [sort, setSort] = useState(initialSort);
  const shown = useMemo(() => {
    const by = columns.find((column) => column.key === sort?.key)?.sortBy;
    return by === undefined || sort === undefined ? rows : sorted(rows, by, sort.direction);
  }, [rows, columns, sort]);
  return (
    <ScrollArea label={caption} className={`table-frame ${className}`}>
      <table className="table">
        <caption className={isCaptionHidden ? 'sr-only' : ''}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} sort={sort} onSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.key} className={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {shown.length === 0 && empty !== undefined && (
            <tr>
              <td colSpan={columns.length}>{empty}</td>
            </tr>
          )}
        </tbody>
      </table>
    </ScrollArea>
  );
}

const classOf = ({ isNumber = false, className = '' }: Pick<Column<never>, 'isNumber' | 'className'>): string =>
  `${isNumber ? 'number' : ''} ${className}`;

interface HeadProps<Row> {
  column: Column<Row>;
  sort: Sort | undefined;
  onSort: (sort: Sort) => void;
}

function Head<Row>({ column, sort, onSort }: HeadProps<Row>) {
  const direction = sort?.key === column.key ? sort.direction : undefined;
  if (column.sortBy === undefined)
    return (
      <th scope="col" className={classOf(column)}>
        {column.title}
      </th>
    );
  const next = direction === 'ascending' ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={direction ?? 'none'} className={classOf(column)}>
      <button type="button" className="table-sort" onClick={() => onSort({ key: column.key, direction: next })}>
        {column.title}
        <SortArrow direction={direction} />
      </button>
    </th>
  );
}

/** Keeps its place when a column is not sorted, so that heads do not move. */
export function SortArrow({ direction }: { direction: Sort['direction'] | undefined }) {
  const path = direction === 'ascending' ? 'M2 6.5 5 3.5 8 6.5' : 'M2 3.5 5 6.5 8 3.5';
  return (
    <svg viewBox="0 0 10 10" aria-hidden="true" className={`size-2.5 ${direction === undefined ? 'invisible' : ''}`}>
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </svg>
  );
}
