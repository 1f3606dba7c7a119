// Columns over the members of a fact's rows.
import { quantityText, UNKNOWN } from '#console/web/src/text/format.ts';
import type { Column } from '#console/web/src/ui/table.tsx';
import { listAt, type Members, numberAt, textAt } from './facts.ts';

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

export const listColumn = (key: string, title: string): Column<Members> => ({
  ...{ key, title },
  cell: (row) => {
    const texts = listAt(row, key);
    return <span className="wrap-anywhere">{texts.length === 0 ? UNKNOWN : texts.join(', ')}</span>;
  },
});
