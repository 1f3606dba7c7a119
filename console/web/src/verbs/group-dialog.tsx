// Groups of the chosen devices: those with members by hand; a rule chooses its members itself.
import { useMemo, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { groupIdsOf } from '#console/web/src/fleet/fleet-rows.ts';
import { useGroups } from '#console/web/src/form/estate-lists.ts';
import { changesOf, type Decisions } from './bulk-choice.ts';
import { ChoiceDialog } from './choice-dialog.tsx';
import { knownOf } from './known-of.ts';
import { t } from './text.ts';
import { useVerbRun } from './use-verb-run.ts';
import type { VerbDialogProps } from './verb-dialog.tsx';
import { titleFor } from './verb-title.ts';

export function GroupDialog(props: VerbDialogProps) {
  const { devices } = props.asked;
  const { isBusy, error, run } = useVerbRun(props);
  const had = useMemo(() => knownOf(devices.ids, groupIdsOf), [devices]);
  const [decisions, setDecisions] = useState<Decisions>(new Map());
  const groups = useGroups();
  const byHand = groups.data?.filter(({ kind }) => kind === 'hand') ?? [];
  const changes = changesOf(decisions, had);
  const apply = () => run(() => changeMembers([...devices.ids], changes));
  return (
    <ChoiceDialog
      title={titleFor('groups.changeMembers', devices)}
      options={byHand.map(({ id, name }) => ({ value: id, label: name }))}
      none={groups.data === undefined ? '' : t('noGroups')}
      isChanged={changes.add.length + changes.remove.length > 0}
      {...{ had, decisions, isBusy, error }}
      onDecisions={setDecisions}
      onApply={apply}
      onClose={props.onClose}
    >
      <p className="text-xs text-muted">{t('groupHint')}</p>
    </ChoiceDialog>
  );
}

async function changeMembers(devices: string[], { add, remove }: { add: string[]; remove: string[] }): Promise<string> {
  let count = 0;
  for (const id of add) count += (await api.groups.changeMembers({ id, add: devices })).added;
  for (const id of remove) count += (await api.groups.changeMembers({ id, remove: devices })).removed;
  return t('membersChanged', { count });
}
