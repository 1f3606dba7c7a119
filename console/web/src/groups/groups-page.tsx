// The groups: what each is for, how its members come about, and how many they are.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
import { type GroupRow, useGroups } from '#console/web/src/form/estate-lists.ts';
import { usePageAct } from '#console/web/src/shell/page-act.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { Button } from '#console/web/src/ui/button.tsx';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { Table } from '#console/web/src/ui/table.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { groupColumns, type OpenGroup } from './group-columns.tsx';
import { GroupSheet } from './group-sheet.tsx';
import { t } from './text.ts';

export function GroupsPage() {
  usePageTitle(t('groupsTitle'));
  const [open, setOpen] = useState<OpenGroup>();
  const read = useGroups();
  const navigate = useNavigate();
  const add = () => setOpen({ what: 'add' });
  const act = (next: OpenGroup) => {
    if (next.what !== 'metrics') setOpen(next);
    else void navigate({ to: '/metrics', search: { show: 'sum', over: `group:${next.group.id}` } });
  };
  usePageAct('groups.create', add);
  const close = () => setOpen(undefined);
  return (
    <>
      <PageHead title={t('groupsTitle')}>
        <Button kind="primary" icon="plus" needs="group.write" onClick={add}>
          {t('addGroup')}
        </Button>
      </PageHead>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('groupsNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('groupsReading')} />}
      {read.data?.length === 0 && (
        <EmptyState title={t('groupsEmpty')} body={t('groupsEmptyBody')}>
          <Button kind="primary" needs="group.write" onClick={add}>
            {t('addGroup')}
          </Button>
        </EmptyState>
      )}
      {read.data !== undefined && read.data.length > 0 && <Groups groups={read.data} onOpen={act} />}
      {open?.what === 'add' && <GroupSheet onClose={close} />}
      {open?.what === 'edit' && <GroupSheet group={open.group} onClose={close} />}
      {open?.what === 'remove' && <RemoveGroup group={open.group} groups={read.data ?? []} onClose={close} />}
    </>
  );
}

function Groups({ groups, onOpen }: { groups: readonly GroupRow[]; onOpen: (open: OpenGroup) => void }) {
  return (
    <Table
      caption={t('groupsTitle')}
      isCaptionHidden
      columns={groupColumns(groups, onOpen)}
      rows={groups}
      rowKey={({ id }) => id}
      initialSort={{ key: 'name', direction: 'ascending' }}
    />
  );
}

interface RemoveGroupProps {
  group: GroupRow;
  groups: readonly GroupRow[];
  onClose: () => void;
}

function RemoveGroup({ group, groups, onClose }: RemoveGroupProps) {
  const queries = useQueryClient();
  const { id, name } = group;
  const removing = useMutation({
    mutationFn: () => api.groups.remove({ id }),
    onSuccess: () => {
      toast.say(t('groupRemoved', { name }));
      onClose();
      for (const key of ['groups', 'fleet']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
  const narrowing = groups.filter(({ parentId }) => parentId === id);
  return (
    <ConfirmDialog
      isOpen
      title={t('removeTitle', { name })}
      confirmText={t('removeGroup')}
      isBusy={removing.isPending}
      error={removing.error === null ? '' : faultText(removing.error)}
      onClose={onClose}
      onConfirm={() => removing.mutate()}
    >
      <p>{t('removeBody', { count: group.devices })}</p>
      {narrowing.length > 0 && <p>{t('removeNarrowing', { names: narrowing.map((one) => one.name).join(', ') })}</p>}
    </ConfirmDialog>
  );
}
