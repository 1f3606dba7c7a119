// The columns of the fleet table: where each stands, from which width on, and how it shows its number.
import type { ReactNode } from 'react';
import { Age, uptimeText } from '#console/web/src/ui/age.tsx';
import { Amount } from '#console/web/src/ui/amount.tsx';
import { Meter } from '#console/web/src/ui/meter.tsx';
import { StatusMark } from '#console/web/src/ui/status-mark.tsx';
import { fleet } from './fleet.ts';
import type { SortKey } from './fleet-query.ts';

interface CellProps {
  row: number;
  now: number;
}

export interface ColumnProps {
  key: SortKey;
  /** Width, side and the width of page it appears from. */
  className: string;
  Cell: (props: CellProps) => ReactNode;
}

/** Numbers of a device that does not answer are the last ones known, and stand back. */
const isDim = (row: number): boolean => fleet.columns.status[row] !== 'up';
const tone = (row: number): string => (isDim(row) ? 'text-muted' : '');

function Reason({ row }: CellProps) {
  const reason = fleet.columns.reason[row] ?? '';
  return (
    <span className="flex items-center gap-2">
      <StatusMark status={fleet.columns.status[row] ?? 'unknown'} />
      {reason !== '' && <span className="truncate text-xs text-muted">{reason.replaceAll('-', ' ')}</span>}
    </span>
  );
}

const share = (key: 'cpu' | 'memory' | 'disk') =>
  function Share({ row }: CellProps) {
    const meter = <Meter ratio={fleet.columns[key][row] ?? Number.NaN} isDim={isDim(row)} />;
    const mount = fleet.columns.mount[row] ?? '';
    return key === 'disk' && mount !== '' ? <span title={mount}>{meter}</span> : meter;
  };

const rate = (key: 'rx' | 'tx') =>
  function Rate({ row }: CellProps) {
    return (
      <span className={tone(row)}>
        <Amount value={fleet.columns[key][row]} unit="bytes/s" unitWidth="w-9" />
      </span>
    );
  };

const text = (key: 'site' | 'address' | 'name') =>
  function Text({ row }: CellProps) {
    return <span title={fleet.columns[key][row]}>{fleet.columns[key][row]}</span>;
  };

export const COLUMNS: readonly ColumnProps[] = [
  { key: 'status', className: 'w-34 md:w-36', Cell: Reason },
  { key: 'name', className: 'name', Cell: text('name') },
  { key: 'site', className: 'w-32 min-[87.5rem]:w-38 text-muted hidden md:table-cell', Cell: text('site') },
  { key: 'address', className: 'w-40 text-muted hidden broad:table-cell', Cell: text('address') },
  { key: 'cpu', className: 'number w-16 min-[87.5rem]:w-24', Cell: share('cpu') },
  { key: 'memory', className: 'number w-20 min-[87.5rem]:w-24', Cell: share('memory') },
  { key: 'disk', className: 'number w-16 min-[87.5rem]:w-24', Cell: share('disk') },
  {
    key: 'load',
    className: 'number w-16 hidden xl:table-cell',
    Cell: ({ row }) => (
      <span className={tone(row)}>
        <Amount value={fleet.columns.load[row]} unit="load" />
      </span>
    ),
  },
  { key: 'rx', className: 'number w-26 hidden min-[87.5rem]:table-cell', Cell: rate('rx') },
  { key: 'tx', className: 'number w-26 hidden min-[87.5rem]:table-cell', Cell: rate('tx') },
  {
    key: 'uptime',
    className: 'number w-18 hidden xl:table-cell',
    Cell: ({ row }) => <span className={tone(row)}>{uptimeText(fleet.columns.uptime[row] ?? Number.NaN)}</span>,
  },
  {
    key: 'polled',
    className: 'number w-22',
    Cell: ({ row, now }) => (
      <Age at={fleet.columns.polled[row] ?? null} now={now} intervalMs={fleet.columns.intervalMs[row] ?? 60_000} />
    ),
  },
];
