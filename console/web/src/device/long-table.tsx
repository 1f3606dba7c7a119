// A table of what a device has: filtered as one types, sorted by its heads, and of thousands of rows only those in view exist.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useDeferredValue, useMemo, useRef, useState } from 'react';
import { type Sort, sorted } from '#console/web/src/ui/sort.ts';
import { type Column, SortArrow, Table } from '#console/web/src/ui/table.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { fitsWords, type Members, wordsOf } from './facts.ts';
import { t } from './text.ts';

/** More rows are drawn only where one looks. */
const MANY = 300;
const ROW_PX = 34;

interface LongTableProps {
  caption: string;
  columns: ReadonlyArray<Column<Members>>;
  rows: readonly Members[];
  initialSort?: Sort;
  /** Beside the filter, such as what is not shown. */
  children?: ReactNode;
}

/** Rows of a fact have no identity but their place in it. */
const keys = new WeakMap<Members, string>();
let made = 0;
export function rowKeyOf(row: Members): string {
  const known = keys.get(row) ?? `row ${made++}`;
  keys.set(row, known);
  return known;
}

export function LongTable(props: LongTableProps) {
  const { caption, columns, rows, initialSort, children } = props;
  const [typed, setTyped] = useState('');
  const words = useDeferredValue(typed);
  const shown = useMemo(() => {
    const wanted = wordsOf(words);
    return rows.filter((row) => fitsWords(row, wanted));
  }, [rows, words]);
  const count =
    shown.length === rows.length
      ? t('rows', { count: rows.length })
      : t('someOf', { some: shown.length, all: rows.length });
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        <div className="w-72 max-w-full">
          <TextField
            isLabelHidden
            type="search"
            label={t('filterOf', { what: caption })}
            placeholder={t('filter')}
            value={typed}
            onText={setTyped}
          />
        </div>
        <span role="status" className="text-xs text-muted">
          {count}
        </span>
        {children}
      </div>
      {rows.length > MANY ? (
        <VirtualTable {...{ caption, columns, rows: shown }} {...(initialSort && { initialSort })} />
      ) : (
        <Table
          isCaptionHidden
          {...{ caption, columns, rows: shown, rowKey: rowKeyOf }}
          {...(initialSort && { initialSort })}
          empty={t('nothingFits')}
        />
      )}
    </>
  );
}

function VirtualTable({ caption, columns, rows, initialSort }: Omit<LongTableProps, 'children'>) {
  const area = useRef<HTMLDivElement>(null);
  const [sort, setSort] = useState(initialSort);
  const ordered = useMemo(() => {
    const by = columns.find(({ key }) => key === sort?.key)?.sortBy;
    return by === undefined || sort === undefined ? rows : sorted(rows, by, sort.direction);
  }, [rows, columns, sort]);
  const virtual = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => area.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls is reached by keys
    <section ref={area} aria-label={caption} tabIndex={0} className="table-frame long-table">
      <table className="table" aria-label={caption} aria-rowcount={ordered.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Head key={column.key} column={column} sort={sort} onSort={setSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer px={before} columns={columns.length} />
          {items.map(({ index }) => {
            const row = ordered[index];
            if (row === undefined) return null;
            return (
              <tr key={rowKeyOf(row)} aria-rowindex={index + 2}>
                {columns.map((column) => (
                  <td
                    key={column.key}
                    className={`${column.isNumber === true ? 'number' : ''} ${column.className ?? ''}`}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          <Spacer px={after} columns={columns.length} />
        </tbody>
      </table>
    </section>
  );
}

/** Stands for the rows out of view. */
function Spacer({ px, columns }: { px: number; columns: number }) {
  if (px <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row holds nothing that could take the focus
    <tr aria-hidden="true">
      <td colSpan={columns} className="long-spacer" style={{ height: px }} />
    </tr>
  );
}

interface HeadProps {
  column: Column<Members>;
  sort: Sort | undefined;
  onSort: (sort: Sort) => void;
}

function Head({ column, sort, onSort }: HeadProps) {
  const direction = sort?.key === column.key ? sort.direction : undefined;
  const next = direction === 'ascending' ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={direction ?? 'none'} className={column.className}>
      <button type="button" className="table-sort" onClick={() => onSort({ key: column.key, direction: next })}>
        {column.title}
        <SortArrow direction={direction} />
      </button>
    </th>
  );
}
