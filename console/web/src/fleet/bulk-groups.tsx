// Groups of the selected devices: those with members by hand; a rule chooses its members itself.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { toast } from '#console/web/src/ui/toast.ts';
import { changesOf, type Decisions, hadOf } from './bulk-choice.ts';
import { ChoiceDialog } from './choice-dialog.tsx';
import { fleet } from './fleet.ts';
import { t } from './text.ts';

const groupIdsOf = (id: string): string[] => {
  const { rows } = fleet;
  const set = rows.groupSets[rows.groupSet[fleet.rowOf(id) ?? -1] ?? -1] ?? [];
  return set.map((place) => rows.groups[place]?.id ?? '');
};

export function BulkGroups({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const had = useMemo(() => hadOf(ids.map(groupIdsOf)), [ids]);
  const [decisions, setDecisions] = useState<Decisions>(new Map());
  const groups = useHandGroups();
  const save = useSaveGroups(ids, onClose);
  const changes = changesOf(decisions, had);
  return (
    <ChoiceDialog
      title={t('groupsOf', { count: ids.length })}
      options={groups.map(({ id, name }) => ({ value: id, label: name }))}
      none={t('groupsNone')}
      had={had}
      decisions={decisions}
      onDecisions={setDecisions}
      isChanged={changes.add.length + changes.remove.length > 0}
      isBusy={save.isPending}
      onApply={() => save.mutate(changes)}
      onClose={onClose}
    >
      <p className="text-xs text-muted">{t('groupsNote')}</p>
    </ChoiceDialog>
  );
}

const NO_GROUPS: [] = [];

function useHandGroups() {
  const read = useQuery({
    queryKey: ['groups'],
    queryFn: async ({ signal }) => (await api.groups.list(undefined, { signal })).items,
  });
  return read.data?.filter(({ kind }) => kind === 'hand') ?? NO_GROUPS;
}

function useSaveGroups(ids: readonly string[], onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ add, remove }: { add: string[]; remove: string[] }) => {
      const devices = [...ids];
      for (const id of add) await api.groups.changeMembers({ id, add: devices });
      for (const id of remove) await api.groups.changeMembers({ id, remove: devices });
    },
    onSuccess: () => {
      toast.say(t('groupsDone', { count: ids.length }));
      onDone();
    },
    onError: (error) => toast.fault(error, t('groupsFault')),
    // Some of several groups may have been changed before one failed.
    onSettled: () => {
      for (const key of ['fleet', 'groups']) void queries.invalidateQueries({ queryKey: [key] });
    },
  });
}
