// Rows that are a table at a desk and cards on a phone, by one list of columns; the first is the head of a card.
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';

/** The column that holds what one can do: a card has it at its foot, without a name. */
export const ACTS = 'acts';

interface RowsProps<Row> {
  caption: string;
  columns: ReadonlyArray<Column<Row>>;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  initialSort?: { key: string; direction: 'ascending' | 'descending' };
}

export function Rows<Row>({ caption, columns, rows, rowKey, initialSort }: RowsProps<Row>) {
  if (useIsNarrow()) return <Cards {...{ caption, columns, rows, rowKey }} />;
  return (
    <Table
      caption={caption}
      isCaptionHidden
      columns={columns}
      rows={rows}
      rowKey={rowKey}
      {...(initialSort && { initialSort })}
    />
  );
}

function Cards<Row>({ caption, columns, rows, rowKey }: RowsProps<Row>) {
  const [head, ...rest] = columns;
  const acts = rest.find(({ key }) => key === ACTS);
  return (
    <ul aria-label={caption} className="m-0 grid list-none gap-2 p-0">
      {rows.map((row) => (
        <li key={rowKey(row)} className="panel p-3">
          <div className="mb-2">{head?.cell(row)}</div>
          <KeyValues>
            {rest
              .filter(({ key }) => key !== ACTS)
              .map(({ key, title, cell }) => (
                <KeyValue key={key} name={title}>
                  {cell(row)}
                </KeyValue>
              ))}
          </KeyValues>
          {acts !== undefined && <div className="mt-2">{acts.cell(row)}</div>}
        </li>
      ))}
    </ul>
  );
}
