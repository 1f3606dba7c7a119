// Devices into a group or out of it; only groups whose members are chosen by hand.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { t } from './text.ts';
import { useVerbRun } from './use-verb-run.ts';
import type { VerbDialogProps } from './verb-dialog.tsx';
import { titleFor } from './verb-title.ts';

export function GroupDialog(props: VerbDialogProps) {
  const { devices } = props.asked;
  const { isBusy, error, run } = useVerbRun(props);
  const [id, setId] = useState('');
  const groups = useQuery({ queryKey: ['groups'], queryFn: ({ signal }) => api.groups.list(undefined, { signal }) });
  const byHand = groups.data?.items.filter((group) => group.kind === 'hand') ?? [];
  const change = (kind: 'add' | 'remove') =>
    run(async () => {
      const { added, removed } = await api.groups.changeMembers({ id, [kind]: [...devices.ids] });
      return t('membersChanged', { count: added + removed });
    });
  return (
    <Dialog
      isOpen
      size="small"
      title={titleFor('groups.changeMembers', devices)}
      onClose={props.onClose}
      isHeld={isBusy}
      onSubmit={() => id !== '' && change('add')}
      footer={
        <>
          <Button disabled={id === '' || isBusy} onClick={() => change('remove')}>
            {t('removeMembers')}
          </Button>
          <Button kind="primary" type="submit" disabled={id === ''} isBusy={isBusy}>
            {t('addMembers')}
          </Button>
        </>
      }
    >
      <Select
        label={t('group')}
        hint={groups.data !== undefined && byHand.length === 0 ? t('noGroups') : t('groupHint')}
        error={error}
        value={id}
        placeholder={t('chooseGroup')}
        options={byHand.map((group) => ({ value: group.id, label: group.name }))}
        onChoose={setId}
      />
    </Dialog>
  );
}
