// Makes an on-call schedule, or changes one.
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { consoleNow } from '#console/web/src/live/now.ts';
import { ZoneField } from '#console/web/src/sites/zone-field.tsx';
import { timeZone } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { wallAt } from '#shared/judge/time/zone-time.ts';
import type { Contact, Schedule } from './notify-data.ts';
import { draftOf, faultsOf, mondayMorning, newRotation, type OnCallDraft, wishOf } from './on-call-draft.ts';
import { RotationFields } from './rotation-fields.tsx';
import { t } from './text.ts';
import { useKeptForm } from './use-kept-form.ts';

/** As many as the console takes. */
const MAX_ROTATIONS = 10;
const FAULTS = {
  name: 'nameMissing',
  people: 'peopleMissing',
  start: 'startRule',
  days: 'daysRule',
  hours: 'hoursMissing',
  holidays: 'datesRule',
} as const;
/** Each rotation's fields are faults' places of their own. */
const ROTATION_FIELDS = Array.from({ length: MAX_ROTATIONS }, (_, at) =>
  ['name', 'people', 'startsAt', 'everyDays', 'hours'].map((field) => `rotations.${at}.${field}`),
).flat();
const NOTHING_KEPT = { overrides: [], holidays: [] };

interface SheetProps {
  schedule: Schedule | undefined;
  contacts: readonly Contact[];
  onClose: () => void;
}

const fresh = (zone: string) => newRotation(t('weekRotation'), mondayMorning(wallAt(zone, consoleNow())));

export function OnCallSheet({ schedule, contacts, onClose }: SheetProps) {
  const form = useKeptForm<OnCallDraft, ReturnType<typeof wishOf>>({
    initial: draftOf(schedule, fresh(timeZone)),
    fields: ['name', 'zone', 'holidays', ...ROTATION_FIELDS],
    check: (draft) =>
      Object.fromEntries(Object.entries(faultsOf(draft)).map(([field, fault]) => [field, t(FAULTS[fault])])),
    toWish: (draft) => wishOf(draft, schedule ?? NOTHING_KEPT),
    save: (value) =>
      schedule === undefined ? api.onCall.create(value) : api.onCall.update({ id: schedule.id, value }),
    onClose,
  });
  const { draft, change, errorOf, fault, isBusy, submit } = form;
  const { rotations } = draft;
  return (
    <Sheet
      isOpen
      title={schedule === undefined ? t('add_onCall') : t('editOf', { name: schedule.name })}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('save')} isBusy={isBusy} onClose={onClose} />}
    >
      <TextField label={t('name')} value={draft.name} error={errorOf('name')} onText={(name) => change({ name })} />
      <ZoneField zone={draft.zone} error={errorOf('zone')} onChoose={(zone) => change({ zone })} />
      {rotations.map((rotation, at) => (
        <RotationFields
          // biome-ignore lint/suspicious/noArrayIndexKey: its place is what a rotation is known by
          key={at}
          rotation={rotation}
          contacts={contacts}
          errorOf={(field) => errorOf(`rotations.${at}.${field}`)}
          onChange={(patch) =>
            change({ rotations: rotations.map((one, place) => (place === at ? { ...one, ...patch } : one)) })
          }
          {...(rotations.length > 1 && {
            onDrop: () => change({ rotations: rotations.filter((_, place) => place !== at) }),
          })}
        />
      ))}
      {rotations.length < MAX_ROTATIONS && (
        <div>
          <Button isSmall icon="plus" onClick={() => change({ rotations: [...rotations, fresh(draft.zone)] })}>
            {t('addRotation')}
          </Button>
        </div>
      )}
      <TextArea
        label={t('holidays')}
        hint={t('onCallHolidaysHint')}
        isCode
        value={draft.holidays}
        error={errorOf('holidays')}
        onText={(holidays) => change({ holidays })}
      />
      <FormFault text={fault} />
    </Sheet>
  );
}
