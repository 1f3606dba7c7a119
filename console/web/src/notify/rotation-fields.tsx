// One rotation of a schedule: who takes turns, in which order, from when, and for how long.
import { HoursField } from '#console/web/src/people/hours-field.tsx';
import { Button, IconButton } from '#console/web/src/ui/button.tsx';
import { FieldError } from '#console/web/src/ui/field.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import type { Contact } from './notify-data.ts';
import { nameOf } from './notify-words.ts';
import type { RotationDraft } from './on-call-draft.ts';
import { t } from './text.ts';

interface RotationProps {
  rotation: RotationDraft;
  contacts: readonly Contact[];
  errorOf: (field: string) => string;
  onChange: (patch: Partial<RotationDraft>) => void;
  onDrop?: () => void;
}

export function RotationFields({ rotation, contacts, errorOf, onChange, onDrop }: RotationProps) {
  const { name, people, startsAt, everyDays, hasHours, spans } = rotation;
  return (
    <fieldset className="notify-tier">
      <legend className="field-label">{t('rotation')}</legend>
      <div className="flex items-start gap-2">
        <TextField label={t('name')} value={name} error={errorOf('name')} onText={(text) => onChange({ name: text })} />
        {onDrop !== undefined && (
          <IconButton isSmall icon="trash" label={t('dropRotation', { name })} onClick={onDrop} />
        )}
      </div>
      <People
        people={people}
        contacts={contacts}
        error={errorOf('people')}
        onChange={(next) => onChange({ people: next })}
      />
      <TextField
        label={t('startsAt')}
        hint={t('startsAtHint')}
        type="datetime-local"
        value={startsAt}
        error={errorOf('startsAt')}
        onText={(text) => onChange({ startsAt: text })}
      />
      <TextField
        label={t('everyDays')}
        inputMode="numeric"
        value={everyDays}
        error={errorOf('everyDays')}
        onText={(text) => onChange({ everyDays: text })}
      />
      <HoursField
        draft={{ hasHours, spans, zone: '' }}
        label={t('rotationHours')}
        hasZone={false}
        error={errorOf('hours')}
        onChange={({ zone: _, ...patch }) => onChange(patch)}
      />
    </fieldset>
  );
}

interface PeopleProps {
  people: readonly string[];
  contacts: readonly Contact[];
  error: string;
  onChange: (people: string[]) => void;
}

function People({ people, contacts, error, onChange }: PeopleProps) {
  const moved = (at: number) => {
    const next = [...people];
    const [one] = next.splice(at, 1);
    if (one !== undefined) next.splice(at - 1, 0, one);
    return next;
  };
  return (
    <div className="field-row">
      <span className="field-label">{t('people')}</span>
      <ol className="rotation-people">
        {people.map((id, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one may stand there twice
          <li key={at} className="flex items-center gap-1">
            <span className="grow wrap-anywhere">{nameOf(contacts, id)}</span>
            {at > 0 && (
              <Button
                kind="quiet"
                isSmall
                icon="up"
                aria-label={t('earlierTurn', { name: nameOf(contacts, id) })}
                onClick={() => onChange(moved(at))}
              />
            )}
            <IconButton
              isSmall
              icon="trash"
              label={t('dropPerson', { name: nameOf(contacts, id) })}
              onClick={() => onChange(people.filter((_, place) => place !== at))}
            />
          </li>
        ))}
      </ol>
      {contacts.length === 0 ? (
        <p className="field-hint">{t('noContacts')}</p>
      ) : (
        <Select
          label={t('addPerson')}
          isLabelHidden
          placeholder={t('addPerson')}
          options={contacts.map(({ id, name }) => ({ value: id as string, label: name }))}
          value=""
          onChoose={(id) => onChange([...people, id])}
        />
      )}
      <FieldError id="people-error" text={error} />
    </div>
  );
}
