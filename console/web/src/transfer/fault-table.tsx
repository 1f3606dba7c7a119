// What is wrong with a file: where, and what to mend. A file with a fault changes nothing.
import { integer } from '#console/web/src/text/format.ts';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import type { ImportState } from './import-data.ts';
import { t } from './text.ts';

interface FaultRow {
  key: string;
  row: number;
  column: string | null;
  message: string;
}

/** Each with a key of its own: one cell may be wrong twice. */
const rowsOf = (plan: ImportState): FaultRow[] => plan.faults.map((fault, index) => ({ ...fault, key: `${index}` }));

export function FaultTable({ plan }: { plan: ImportState }) {
  const more = plan.faultCount - plan.faults.length;
  return (
    <>
      <Table
        caption={t('faultsCaption')}
        columns={COLUMNS()}
        rows={rowsOf(plan)}
        rowKey={({ key }) => key}
        className="max-h-[28rem]"
      />
      {more > 0 && <p className="m-0 text-muted">{t('moreFaults', { count: more })}</p>}
    </>
  );
}

/** Called while rendering: its titles are in the page's language. */
const COLUMNS = (): ReadonlyArray<Column<FaultRow>> => [
  {
    key: 'row',
    title: t('row'),
    isNumber: true,
    className: 'w-16',
    sortBy: ({ row }) => row,
    cell: ({ row }) => integer(row),
  },
  {
    key: 'column',
    title: t('column'),
    className: 'w-40',
    sortBy: ({ column }) => column,
    cell: ({ column }) =>
      column === null ? <span className="text-muted">{t('wholeRow')}</span> : <code className="code">{column}</code>,
  },
  {
    key: 'message',
    title: t('toMend'),
    sortBy: ({ message }) => message,
    cell: ({ message }) => <span className="wrap-anywhere">{message}</span>,
  },
];
