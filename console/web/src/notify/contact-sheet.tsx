// Makes a contact, or changes one: who it is, by which ways they are told, and how much at most.
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { severityText } from '#console/web/src/incidents/severity-mark.tsx';
import { usePeople } from '#console/web/src/people/people-data.ts';
import { may } from '#console/web/src/rights/may.ts';
import { Button, IconButton } from '#console/web/src/ui/button.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { SEVERITIES } from '#shared/model/alert-words.ts';
import { type ContactDraft, draftOf, faultsOf, wishOf } from './contact-draft.ts';
import { type Channel, type Contact, useChannelKinds } from './notify-data.ts';
import { t } from './text.ts';
import { useKeptForm } from './use-kept-form.ts';

/** A select has no empty value of its own. */
const NOBODY = 'nobody';
/** As many as the console takes. */
const MAX_WAYS = 10;
const FAULTS = { name: 'nameMissing', messages: 'messagesRule', minutes: 'minutesRule' } as const;

interface SheetProps {
  contact: Contact | undefined;
  channels: readonly Channel[];
  onClose: () => void;
}

export function ContactSheet({ contact, channels, onClose }: SheetProps) {
  const { draft, change, errorOf, fault, isBusy, submit } = useKeptForm<ContactDraft, ReturnType<typeof wishOf>>({
    initial: draftOf(contact),
    fields: ['name', 'personId', 'ways', 'messages', 'minutes'],
    check: (draft) => Object.fromEntries(faultsOf(draft).map((field) => [field, t(FAULTS[field])])),
    toWish: wishOf,
    save: (value) =>
      contact === undefined ? api.contacts.create(value) : api.contacts.update({ id: contact.id, value }),
    onClose,
  });
  const people = usePeople(may('person.read')).data ?? [];
  return (
    <Sheet
      isOpen
      title={contact === undefined ? t('add_contacts') : t('editOf', { name: contact.name })}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('save')} isBusy={isBusy} onClose={onClose} />}
    >
      <TextField label={t('name')} value={draft.name} error={errorOf('name')} onText={(name) => change({ name })} />
      <Select
        label={t('person')}
        hint={t('personHint')}
        options={[
          { value: NOBODY, label: t('noPerson') },
          ...people.map(({ id, name }) => ({ value: id as string, label: name })),
        ]}
        value={draft.personId === '' ? NOBODY : draft.personId}
        error={errorOf('personId')}
        onChoose={(id) => change({ personId: id === NOBODY ? '' : id })}
      />
      <Ways draft={draft} channels={channels} error={errorOf('ways')} onChange={change} />
      <div className="flex gap-2">
        <TextField
          label={t('messages')}
          inputMode="numeric"
          value={draft.messages}
          error={errorOf('messages')}
          onText={(messages) => change({ messages })}
        />
        <TextField
          label={t('withinMinutes')}
          inputMode="numeric"
          value={draft.minutes}
          error={errorOf('minutes')}
          onText={(minutes) => change({ minutes })}
        />
      </div>
      <p className="field-hint">{t('floodHint')}</p>
      <Checkbox label={t('isOn')} isOn={draft.isOn} onChange={(isOn) => change({ isOn })} />
      <FormFault text={fault} />
    </Sheet>
  );
}

interface WaysProps {
  draft: ContactDraft;
  channels: readonly Channel[];
  error: string;
  onChange: (patch: Partial<ContactDraft>) => void;
}

function Ways({ draft: { ways }, channels, error, onChange }: WaysProps) {
  const first = channels[0];
  const put = (at: number, way: ContactDraft['ways'][number]) =>
    onChange({ ways: ways.map((one, place) => (place === at ? way : one)) });
  return (
    <fieldset className="field-row form-wide">
      <legend className="field-label mb-1">{t('ways')}</legend>
      {ways.map((way, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: its place is what a way is known by
        <div key={at} className="notify-way">
          <WayFields way={way} channels={channels} onChange={(next) => put(at, next)} />
          <IconButton
            isSmall
            icon="trash"
            label={t('dropWay')}
            onClick={() => onChange({ ways: ways.filter((_, place) => place !== at) })}
          />
        </div>
      ))}
      {first === undefined ? (
        <p className="field-hint">{t('noChannels')}</p>
      ) : (
        ways.length < MAX_WAYS && (
          <div>
            <Button
              isSmall
              icon="plus"
              onClick={() => onChange({ ways: [...ways, { channel: first.id, to: '', atLeast: 'info' }] })}
            >
              {t('addWay')}
            </Button>
          </div>
        )
      )}
      {error !== '' && (
        <p role="alert" className="field-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}

interface WayFieldsProps {
  way: ContactDraft['ways'][number];
  channels: readonly Channel[];
  onChange: (way: ContactDraft['ways'][number]) => void;
}

function WayFields({ way, channels, onChange }: WayFieldsProps) {
  const kinds = useChannelKinds().data ?? [];
  const chosen = channels.find(({ id }) => id === way.channel);
  const place = kinds.find(({ kind }) => kind === chosen?.kind)?.to;
  return (
    <>
      <Select
        label={t('channel')}
        options={channels.map(({ id, name }) => ({ value: id as string, label: name }))}
        value={way.channel}
        onChoose={(channel) => onChange({ ...way, channel })}
      />
      {place !== undefined && place !== null && (
        <TextField
          label={place.label}
          placeholder={place.example}
          value={way.to}
          maxLength={320}
          autoCapitalize="off"
          onText={(to) => onChange({ ...way, to })}
        />
      )}
      <Select
        label={t('atLeast')}
        options={SEVERITIES.toReversed().map((severity) => ({ value: severity, label: severityText(severity) }))}
        value={way.atLeast}
        onChoose={(atLeast) => onChange({ ...way, atLeast })}
      />
    </>
  );
}
