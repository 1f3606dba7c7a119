// Writes something down in the timeline of incidents or alerts.
import { useState } from 'react';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { TextArea } from '#console/web/src/ui/text-field.tsx';
import { type Subjects, useAct } from './incidents-data.ts';
import { t } from './text.ts';

/** As much as the console takes. */
const MAX_NOTE = 2_000;

export function NoteDialog({ subjects, onClose }: { subjects: Subjects; onClose: () => void }) {
  const [note, setNote] = useState('');
  const acting = useAct(onClose);
  const isEmpty = note.trim() === '';
  const submit = () => {
    if (!isEmpty && !acting.isPending) acting.mutate({ act: { act: 'note', note }, subjects });
  };
  return (
    <Dialog
      isOpen
      size="small"
      title={t('writeNote')}
      onClose={onClose}
      onSubmit={submit}
      isHeld={acting.isPending}
      footer={<SaveFooter verb={t('writeDown')} isBusy={acting.isPending} isIdle={isEmpty} onClose={onClose} />}
    >
      <TextArea label={t('noteLabel')} value={note} maxLength={MAX_NOTE} onText={setNote} />
    </Dialog>
  );
}
