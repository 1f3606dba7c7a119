// Makes a channel, or changes one; its fields are those that its kind declares.
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { type ChannelDraft, draftOf, missingOf, ofKind, wishOf } from './channel-draft.ts';
import type { Channel, ChannelField, ChannelKind } from './notify-data.ts';
import { t } from './text.ts';
import { useKeptForm } from './use-kept-form.ts';

interface SheetProps {
  channel: Channel | undefined;
  kinds: readonly ChannelKind[];
  onClose: () => void;
}

export function ChannelSheet({ channel, kinds, onClose }: SheetProps) {
  const fields = kinds.flatMap((one) => one.fields.flatMap(({ name }) => [`settings.${name}`, `secrets.${name}`]));
  const form = useKeptForm<ChannelDraft, ReturnType<typeof wishOf>>({
    initial: draftOf(channel, kinds),
    fields: ['kind', 'name', ...fields],
    check: (draft) => faultsOf(draft, kinds, channel?.secrets ?? []),
    toWish: wishOf,
    save: (value) =>
      channel === undefined ? api.channels.create(value) : api.channels.update({ id: channel.id, value }),
    onClose,
  });
  const { draft, change, errorOf, fault, isBusy, submit } = form;
  const kind = kinds.find((one) => one.kind === draft.kind);
  return (
    <Sheet
      isOpen
      title={channel === undefined ? t('add_channels') : t('editOf', { name: channel.name })}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('save')} isBusy={isBusy} onClose={onClose} />}
    >
      {channel === undefined && (
        <Select
          label={t('kind')}
          hint={kind?.summary ?? ''}
          options={kinds.map((one) => ({ value: one.kind, label: one.label }))}
          value={draft.kind}
          error={errorOf('kind')}
          onChoose={(next) => {
            const chosen = kinds.find((one) => one.kind === next);
            if (chosen !== undefined) change(ofKind(chosen));
          }}
        />
      )}
      <TextField label={t('name')} value={draft.name} error={errorOf('name')} onText={(name) => change({ name })} />
      {kind?.fields.map((field) => (
        <FieldOf
          key={field.name}
          field={field}
          draft={draft}
          isSet={channel?.secrets.includes(field.name) === true}
          errorOf={errorOf}
          onChange={change}
        />
      ))}
      <Checkbox label={t('isOn')} isOn={draft.isOn} onChange={(isOn) => change({ isOn })} />
      <FormFault text={fault} />
    </Sheet>
  );
}

function faultsOf(draft: ChannelDraft, kinds: readonly ChannelKind[], set: readonly string[]): Record<string, string> {
  const kind = kinds.find((one) => one.kind === draft.kind);
  const missing = missingOf(draft, kind, set);
  return {
    ...(draft.name.trim() === '' && { name: t('nameMissing') }),
    ...Object.fromEntries(missing.map((name) => [name, t('needed')])),
  };
}

interface FieldOfProps {
  field: ChannelField;
  draft: ChannelDraft;
  isSet: boolean;
  errorOf: (field: string) => string;
  onChange: (patch: Partial<ChannelDraft>) => void;
}

function FieldOf({ field, draft, isSet, errorOf, onChange }: FieldOfProps) {
  const { name, label, help, kind, choices } = field;
  const put = (text: string) => onChange({ settings: { ...draft.settings, [name]: text } });
  const shared = { label, hint: help, value: draft.settings[name] ?? '', error: errorOf(`settings.${name}`) };
  switch (kind) {
    case 'secret':
      return (
        <TextField
          label={label}
          hint={isSet ? t('secretSet') : help}
          type="password"
          autoComplete="new-password"
          value={draft.secrets[name] ?? ''}
          error={errorOf(`secrets.${name}`)}
          onText={(text) => onChange({ secrets: { ...draft.secrets, [name]: text } })}
        />
      );
    case 'choice':
      return <Select {...shared} options={(choices ?? []).map((one) => ({ value: one, label: one }))} onChoose={put} />;
    case 'template':
      return <TextArea {...shared} isCode onText={put} />;
    case 'number':
      return <TextField {...shared} inputMode="numeric" onText={put} />;
    case 'text':
    case 'url':
      return <TextField {...shared} autoCapitalize="off" onText={put} />;
  }
}
