// Somebody takes over for a while: a swap of shifts, an illness.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { useForm } from '#console/web/src/form/use-form.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { localText, localTime } from '#console/web/src/text/local-time.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { IconButton } from '#console/web/src/ui/button.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { type Contact, type Schedule, useReread } from './notify-data.ts';
import { nameOf } from './notify-words.ts';
import { t } from './text.ts';

interface OverrideProps {
  schedule: Schedule;
  contacts: readonly Contact[];
  onClose: () => void;
}

const HOUR_MS = 3_600_000;
/** A night. */
const USUAL_MS = 12 * HOUR_MS;

export function OverrideDialog({ schedule, contacts, onClose }: OverrideProps) {
  const reread = useReread();
  const { id, now: _now, ...whole } = schedule;
  const [now] = useState(consoleNow);
  const [overrides, setOverrides] = useState(schedule.overrides.filter(({ until }) => until > now));
  const form = useForm({
    initial: { contact: '', from: localText(now), until: localText(now + USUAL_MS) },
    fields: ['contact', 'from', 'until'],
    check: (draft): Record<string, string> => {
      if (draft.contact === '') return {};
      const [from, until] = [localTime(draft.from), localTime(draft.until)];
      return from === undefined || until === undefined || until <= from ? { until: t('untilRule') } : {};
    },
    save: ({ contact, from, until }) => {
      const added = contact === '' ? [] : [{ contact, from: localTime(from) ?? 0, until: localTime(until) ?? 0 }];
      return api.onCall.update({ id, value: { ...whole, overrides: [...overrides, ...added] } });
    },
    onSaved: ({ name }) => {
      toast.say(t('saved', { name }));
      reread();
      onClose();
    },
  });
  const { draft, change, errorOf, fault, isBusy, submit } = form;
  const isSame = overrides.length === schedule.overrides.length && draft.contact === '';
  return (
    <Dialog
      isOpen
      size="small"
      title={t('takeOverOf', { name: schedule.name })}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('save')} isBusy={isBusy} isIdle={isSame} onClose={onClose} />}
    >
      <Select
        label={t('whoTakesOver')}
        placeholder={t('choosePerson')}
        options={contacts.map(({ id: contact, name }) => ({ value: contact as string, label: name }))}
        value={draft.contact}
        error={errorOf('contact')}
        onChoose={(contact) => change({ contact })}
      />
      <TextField label={t('from')} type="datetime-local" value={draft.from} onText={(from) => change({ from })} />
      <TextField
        label={t('untilLabel')}
        type="datetime-local"
        value={draft.until}
        error={errorOf('until')}
        onText={(until) => change({ until })}
      />
      {overrides.length > 0 && (
        <ul className="told-list" aria-label={t('overrides')}>
          {overrides.map((one) => (
            <li key={`${one.contact} ${one.from}`} className="flex items-center gap-2">
              <span className="grow wrap-anywhere">
                {nameOf(contacts, one.contact)}{' '}
                <span className="text-muted">{t('fromTo', { from: fullTime(one.from), to: fullTime(one.until) })}</span>
              </span>
              <IconButton
                isSmall
                icon="trash"
                label={t('dropOverride', { name: nameOf(contacts, one.contact) })}
                onClick={() => setOverrides(overrides.filter((other) => other !== one))}
              />
            </li>
          ))}
        </ul>
      )}
      <FormFault text={fault} />
    </Dialog>
  );
}
