// What routes, escalations, schedules, contacts and channels have in common: a list, a form to make or change one, and a way to remove it.
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { faultText } from '#console/web/src/api/fault.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { RowMenu } from '#console/web/src/ui/row-menu.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { useReread } from './notify-data.ts';
import { NotifyFrame, type NotifyView } from './notify-frame.tsx';
import { t } from './text.ts';

interface Named {
  id: string;
  name: string;
}

interface Read<Row> {
  data: readonly Row[] | undefined;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
}

interface KeptPageProps<Row extends Named> {
  view: Exclude<NotifyView, 'log'>;
  read: Read<Row>;
  columns: ReadonlyArray<Column<Row>>;
  /** The form; without a row it makes one. */
  form: (row: Row | undefined, onClose: () => void) => ReactNode;
  remove: (id: string) => Promise<unknown>;
  /** Beside the button that makes one. */
  acts?: ReactNode;
  /** In the place of the table. */
  body?: (rows: readonly Row[], onEdit: (row: Row) => void) => ReactNode;
  /** More that can be done with one. */
  extra?: (row: Row) => Parameters<typeof RowMenu>[0]['items'];
}

type Open<Row> = { what: 'add' } | { what: 'edit' | 'remove'; row: Row };

export function KeptPage<Row extends Named>(props: KeptPageProps<Row>) {
  const { view, read, form, acts, body } = props;
  const [open, setOpen] = useState<Open<Row>>();
  const close = () => setOpen(undefined);
  const rows = read.data;
  const add = (
    <Button kind="primary" icon="plus" needs="notify.write" onClick={() => setOpen({ what: 'add' })}>
      {t(`add_${view}`)}
    </Button>
  );
  return (
    <NotifyFrame
      view={view}
      acts={
        <>
          {acts}
          {add}
        </>
      }
    >
      {rows === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {rows === undefined && !read.isError && <SkeletonRows label={t('reading')} />}
      {rows?.length === 0 && <EmptyState title={t(`empty_${view}`)} body={t(`emptyBody_${view}`)} />}
      {rows !== undefined && rows.length > 0 && <Rows {...props} rows={rows} onOpen={setOpen} />}
      {rows !== undefined && rows.length > 0 && body?.(rows, (row) => setOpen({ what: 'edit', row }))}
      {open?.what === 'add' && form(undefined, close)}
      {open?.what === 'edit' && form(open.row, close)}
      {open?.what === 'remove' && <Remove row={open.row} remove={props.remove} onClose={close} />}
    </NotifyFrame>
  );
}

interface RowsProps<Row extends Named> extends KeptPageProps<Row> {
  rows: readonly Row[];
  onOpen: (open: Open<Row>) => void;
}

function Rows<Row extends Named>({ view, columns, rows, extra, onOpen }: RowsProps<Row>) {
  const menu: Column<Row> = {
    key: 'menu',
    title: t('actions'),
    className: 'w-px head-quiet',
    cell: (row) => (
      <RowMenu
        label={t('actionsOf', { name: row.name })}
        items={[
          {
            key: 'edit',
            text: t('edit'),
            icon: 'edit',
            needs: 'notify.write',
            onSelect: () => onOpen({ what: 'edit', row }),
          },
          ...(extra?.(row) ?? []),
          {
            key: 'remove',
            text: t('remove'),
            icon: 'trash',
            needs: 'notify.write',
            isDanger: true,
            isFirstOfGroup: true,
            onSelect: () => onOpen({ what: 'remove', row }),
          },
        ]}
      />
    ),
  };
  return (
    <Table
      caption={t(`title_${view}`)}
      isCaptionHidden
      columns={[...columns, menu]}
      rows={rows}
      rowKey={({ id }) => id}
    />
  );
}

interface RemoveProps {
  row: Named;
  remove: (id: string) => Promise<unknown>;
  onClose: () => void;
}

function Remove({ row: { id, name }, remove, onClose }: RemoveProps) {
  const reread = useReread();
  const removing = useMutation({
    mutationFn: () => remove(id),
    onSuccess: () => {
      toast.say(t('removed', { name }));
      onClose();
      reread();
    },
  });
  return (
    <ConfirmDialog
      isOpen
      title={t('removeTitle', { name })}
      confirmText={t('remove')}
      isBusy={removing.isPending}
      error={removing.error === null ? '' : faultText(removing.error)}
      onClose={onClose}
      onConfirm={() => removing.mutate()}
    >
      <p>{t('removeBody')}</p>
    </ConfirmDialog>
  );
}
