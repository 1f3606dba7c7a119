// How long metrics are kept: everybody's, and customers with a time of their own.
import { useState } from 'react';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { RetentionDialog } from './retention-dialog.tsx';
import { type CustomerRow, type RetentionData, type StorageData, useRetention } from './storage-data.ts';
import { t } from './text.ts';

type Open = { customer: CustomerRow | undefined } | undefined;

export function RetentionPart({ storage }: { storage: StorageData }) {
  const read = useRetention();
  const [open, setOpen] = useState<Open>();
  return (
    <section className="panel p-3" aria-label={t('retention')}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="section-title mb-0">{t('retention')}</h2>
        <Button isSmall icon="plus" needs="system.maintain" onClick={() => setOpen({ customer: undefined })}>
          {t('addOwn')}
        </Button>
      </div>
      <p className="mt-0 mb-2 text-muted">{t('retentionBody')}</p>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('retentionNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonBlock className="h-24" />}
      {read.data !== undefined && (
        <Table
          caption={t('retention')}
          isCaptionHidden
          columns={columnsOf((customer) => setOpen({ customer }))}
          rows={rowsOf(read.data)}
          rowKey={({ key }) => key}
        />
      )}
      {open !== undefined && read.data !== undefined && (
        <RetentionDialog
          customer={open.customer}
          retention={read.data}
          storage={storage}
          onClose={() => setOpen(undefined)}
        />
      )}
    </section>
  );
}

interface Row {
  key: string;
  name: string;
  note: string;
  rawDays: number | undefined;
  archiveDays: number | undefined;
  customer: CustomerRow | undefined;
}

const rowsOf = ({ everybody, customers }: RetentionData): Row[] => [
  {
    ...{ key: 'everybody', name: t('everybody'), note: t('everybodyNote'), customer: undefined },
    ...{ rawDays: everybody.rawDays, archiveDays: everybody.archiveDays },
  },
  ...customers.map((customer) => ({
    ...{ key: customer.customerId, name: customer.customerName, note: '', customer },
    ...{ rawDays: customer.retention.rawDays, archiveDays: customer.retention.archiveDays },
  })),
];

const daysText = (days: number | undefined) =>
  days === undefined ? <span className="text-muted">{t('asEverybody')}</span> : t('keptDays', { count: days });

const columnsOf = (onChange: (customer: CustomerRow) => void): Array<Column<Row>> => [
  {
    key: 'name',
    title: t('ofCustomer'),
    cell: ({ name, note }) => (
      <>
        <span className="font-medium wrap-anywhere">{name}</span>
        {note !== '' && <div className="text-xs text-muted">{note}</div>}
      </>
    ),
  },
  { key: 'raw', title: t('rawDays'), cell: ({ rawDays }) => daysText(rawDays) },
  { key: 'archive', title: t('archiveDays'), cell: ({ archiveDays }) => daysText(archiveDays) },
  {
    key: 'change',
    title: t('actions'),
    className: 'w-px head-quiet',
    cell: ({ customer }) =>
      customer !== undefined && (
        <Button isSmall icon="edit" needs="system.maintain" onClick={() => onChange(customer)}>
          {t('change')}
        </Button>
      ),
  },
];
