// Columns over the members of a fact's rows.
import { quantityText, UNKNOWN } from '#console/web/src/text/format.ts';
import type { Column } from '#console/web/src/ui/table.tsx';
import { listAt, type Members, numberAt, textAt } from './facts.ts';
import { t } from './text.ts';

export function textColumn(key: string, title: string, className = ''): Column<Members> {
  return {
    key,
    title,
    className,
    cell: (row) => {
      const text = textAt(row, key);
      return (
        <span className="cell-text" title={text}>
          {text === '' ? UNKNOWN : text}
        </span>
      );
    },
    sortBy: (row) => textAt(row, key),
  };
}

export const numberColumn = (key: string, title: string, unit = ''): Column<Members> => ({
  ...{ key, title, isNumber: true },
  cell: (row) => (unit === '' ? textAt(row, key) || UNKNOWN : quantityText(numberAt(row, key), unit)),
  sortBy: (row) => numberAt(row, key) ?? null,
});

/** Columns of members that only some systems tell: those that no row has are left out. */
export const toldColumns = (
  rows: readonly Members[],
  columns: ReadonlyArray<Column<Members>>,
): Array<Column<Members>> => columns.filter(({ key }) => rows.some((row) => Object.hasOwn(row, key)));

/** The same for members that a system has no use for: all of its rows say null. */
export const knownColumns = (
  rows: readonly Members[],
  columns: ReadonlyArray<Column<Members>>,
): Array<Column<Members>> =>
  columns.filter(({ key }) => rows.length === 0 || rows.some((row) => row[key] !== null && row[key] !== undefined));

export const flagColumn = (key: string, title: string): Column<Members> => ({
  ...{ key, title },
  cell: (row) => (typeof row[key] === 'boolean' ? t(row[key] ? 'yes' : 'no') : UNKNOWN),
  sortBy: (row) => (typeof row[key] === 'boolean' ? Number(row[key]) : null),
});

export const listColumn = (key: string, title: string): Column<Members> => ({
  ...{ key, title },
  cell: (row) => {
    const texts = listAt(row, key);
    return <span className="wrap-anywhere">{texts.length === 0 ? UNKNOWN : texts.join(', ')}</span>;
  },
});
