// The tags in use: how many devices have each, renamed and removed here, put on devices in the fleet.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { useForm } from '#console/web/src/form/use-form.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { LinkButton } from '#console/web/src/ui/button.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { RowMenu } from '#console/web/src/ui/row-menu.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { DevicesLink } from './devices-link.tsx';
import { tagFilter } from './label-filter.ts';
import { type TagRow, useRemoveTag, useRereadTags, useTags } from './tags-data.ts';
import { t } from './text.ts';

export function TagsPage() {
  usePageTitle(t('tagsTitle'));
  const read = useTags();
  const removing = useRemoveTag();
  const [renamed, setRenamed] = useState<TagRow>();
  return (
    <>
      <PageHead title={t('tagsTitle')} note={t('tagsNote')} />
      {read.data === undefined && read.isError && (
        <FaultNote what={t('tagsNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('tagsReading')} />}
      {read.data?.length === 0 && (
        <EmptyState title={t('tagsEmpty')} body={t('tagsEmptyBody')}>
          <LinkButton to="/fleet" kind="primary">
            {t('toFleet')}
          </LinkButton>
        </EmptyState>
      )}
      {read.data !== undefined && read.data.length > 0 && (
        <div className="max-w-2xl">
          <Table
            caption={t('tagsTitle')}
            isCaptionHidden
            columns={columnsOf({ onRename: setRenamed, onRemove: ({ tag }) => removing.mutate(tag) })}
            rows={read.data}
            rowKey={({ tag }) => tag}
            initialSort={{ key: 'tag', direction: 'ascending' }}
          />
        </div>
      )}
      {renamed !== undefined && (
        <RenameDialog row={renamed} known={read.data ?? []} onClose={() => setRenamed(undefined)} />
      )}
    </>
  );
}

interface Doing {
  onRename: (row: TagRow) => void;
  onRemove: (row: TagRow) => void;
}

const columnsOf = ({ onRename, onRemove }: Doing): ReadonlyArray<Column<TagRow>> => [
  { key: 'tag', title: t('tag'), className: 'w-full', sortBy: ({ tag }) => tag, cell: ({ tag }) => <Tag text={tag} /> },
  {
    key: 'devices',
    title: t('devicesHead'),
    isNumber: true,
    sortBy: ({ devices }) => devices,
    cell: ({ tag, devices }) => <DevicesLink count={devices} q={tagFilter(tag)} />,
  },
  {
    key: 'menu',
    title: t('actions'),
    className: 'w-px head-quiet',
    cell: (row) => (
      <RowMenu
        label={t('actionsOf', { name: row.tag })}
        items={[
          { key: 'rename', text: t('rename'), icon: 'edit', needs: 'device.write', onSelect: () => onRename(row) },
          {
            key: 'remove',
            text: t('takeOff'),
            icon: 'trash',
            needs: 'tag.remove',
            isDanger: true,
            onSelect: () => onRemove(row),
          },
        ]}
      />
    ),
  },
];

interface RenameDialogProps {
  row: TagRow;
  known: readonly TagRow[];
  onClose: () => void;
}

function RenameDialog({ row: { tag }, known, onClose }: RenameDialogProps) {
  const reread = useRereadTags();
  const { draft, change, errorOf, fault, isBusy, submit } = useForm({
    initial: { to: tag },
    fields: ['to'],
    save: ({ to }) => api.tags.rename({ tag, to }),
    onSaved: ({ devices }, { to }) => {
      toast.say(t('tagRenamed', { tag, to: to.trim().toLowerCase(), count: devices }));
      onClose();
      reread();
    },
  });
  const to = draft.to.trim().toLowerCase();
  const isJoining = to !== tag && known.some((one) => one.tag === to);
  return (
    <Dialog
      isOpen
      size="small"
      title={t('renameTitle', { tag })}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('rename')} isBusy={isBusy} isIdle={to === '' || to === tag} onClose={onClose} />}
    >
      <TextField
        label={t('newName')}
        value={draft.to}
        maxLength={40}
        autoCapitalize="off"
        hint={isJoining ? t('tagJoins', { tag: to }) : ''}
        error={errorOf('to')}
        onText={(text) => change({ to: text })}
      />
      <FormFault text={fault} />
    </Dialog>
  );
}
