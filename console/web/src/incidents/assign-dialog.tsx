// Gives incidents to somebody, or to nobody.
import { useState } from 'react';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { usePeople } from '#console/web/src/people/people-data.ts';
import { may } from '#console/web/src/rights/may.ts';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { type Subjects, useAct } from './incidents-data.ts';
import { t } from './text.ts';
import { useMyId } from './use-my-id.ts';

/** A select has no empty value of its own. */
const NOBODY = 'nobody';

interface AssignDialogProps {
  subjects: Subjects;
  assignee: string | null;
  onClose: () => void;
}

export function AssignDialog({ subjects, assignee, onClose }: AssignDialogProps) {
  const [chosen, setChosen] = useState<string>(assignee ?? NOBODY);
  const acting = useAct(onClose);
  const options = useChoices();
  const submit = () => acting.mutate({ act: { act: 'assign', assignee: chosen === NOBODY ? null : chosen }, subjects });
  return (
    <Dialog
      isOpen
      size="small"
      title={t('assign')}
      onClose={onClose}
      onSubmit={submit}
      isHeld={acting.isPending}
      footer={<SaveFooter verb={t('assign')} isBusy={acting.isPending} onClose={onClose} />}
    >
      <Select label={t('assignee')} options={options} value={chosen} onChoose={setChosen} />
    </Dialog>
  );
}

/** Whoever may not see people gives to oneself alone. */
function useChoices() {
  const me = useMyId();
  const people = usePeople(may('person.read')).data ?? [];
  const others = people.filter(({ id, disabledAt }) => id !== me && disabledAt === null);
  return [
    { value: NOBODY, label: t('nobody') },
    ...(me === undefined ? [] : [{ value: me, label: t('myself') }]),
    ...others.map(({ id, name }) => ({ value: id as string, label: name })),
  ];
}
