// Whom a route or a tier tells: places of channels, people by their own ways, whoever is on call.
import { useId } from 'react';
import { Button, IconButton } from '#console/web/src/ui/button.tsx';
import { FieldError } from '#console/web/src/ui/field.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { type ChannelKind, type Target, useChannelKinds } from './notify-data.ts';
import { type Names, targetText } from './notify-words.ts';
import { t } from './text.ts';
import { useNames } from './use-names.ts';

/** As many as the console takes. */
const MAX_TARGETS = 20;

interface TargetsFieldProps {
  label: string;
  targets: readonly Target[];
  error?: string;
  onChange: (targets: Target[]) => void;
}

export function TargetsField({ label, targets, error = '', onChange }: TargetsFieldProps) {
  const id = useId();
  const names = useNames();
  const kinds = useChannelKinds().data ?? [];
  const first = firstOf(names);
  const put = (at: number, target: Target) => onChange(targets.map((one, place) => (place === at ? target : one)));
  return (
    <fieldset className="field-row form-wide" aria-describedby={error === '' ? undefined : `${id}-error`}>
      <legend className="field-label mb-1">{label}</legend>
      {targets.map((target, at) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: one target may stand there twice, its place is what it is known by
          key={at}
          target={target}
          names={names}
          kinds={kinds}
          onChange={(next) => put(at, next)}
          onDrop={() => onChange(targets.filter((_, place) => place !== at))}
        />
      ))}
      {first === undefined ? (
        <p className="field-hint">{t('noTargets')}</p>
      ) : (
        targets.length < MAX_TARGETS && (
          <div>
            <Button isSmall icon="plus" onClick={() => onChange([...targets, first])}>
              {t('addTarget')}
            </Button>
          </div>
        )
      )}
      <FieldError id={`${id}-error`} text={error} />
    </fieldset>
  );
}

function firstOf({ schedules, contacts, channels }: Names): Target | undefined {
  const [schedule, contact, channel] = [schedules[0], contacts[0], channels[0]];
  if (schedule !== undefined) return { kind: 'on-call', schedule: schedule.id };
  if (contact !== undefined) return { kind: 'contact', contact: contact.id };
  return channel === undefined ? undefined : { kind: 'channel', channel: channel.id, to: '' };
}

/** "contact 0189…": a kind and an id, as one value of the select. */
const wishOf = (target: Target): string => {
  switch (target.kind) {
    case 'channel':
      return `channel ${target.channel}`;
    case 'contact':
      return `contact ${target.contact}`;
    case 'on-call':
      return `on-call ${target.schedule}`;
  }
};

interface RowProps {
  target: Target;
  names: Names;
  kinds: readonly ChannelKind[];
  onChange: (target: Target) => void;
  onDrop: () => void;
}

function Row({ target, names, kinds, onChange, onDrop }: RowProps) {
  const all: Target[] = [
    ...names.schedules.map(({ id }): Target => ({ kind: 'on-call', schedule: id })),
    ...names.contacts.map(({ id }): Target => ({ kind: 'contact', contact: id })),
    ...names.channels.map(({ id }): Target => ({ kind: 'channel', channel: id, to: '' })),
  ];
  // One that was removed elsewhere stays visible, or the form would change it.
  const known = all.some((one) => wishOf(one) === wishOf(target)) ? all : [...all, target];
  const choose = (value: string) => {
    const next = known.find((one) => wishOf(one) === value);
    if (next !== undefined) onChange(next);
  };
  return (
    <div className="flex items-end gap-2">
      <div className="min-w-0 flex-1">
        <Select
          label={t('target')}
          isLabelHidden
          options={known.map((one) => ({ value: wishOf(one), label: targetText({ ...one, ...plain(one) }, names) }))}
          value={wishOf(target)}
          onChoose={choose}
        />
      </div>
      {target.kind === 'channel' && <ToField target={target} names={names} kinds={kinds} onChange={onChange} />}
      <IconButton isSmall icon="trash" label={t('dropTarget')} onClick={onDrop} />
    </div>
  );
}

/** In the list a channel is called by its name alone. */
const plain = (target: Target) => (target.kind === 'channel' ? { to: '' } : {});

interface ToFieldProps extends Omit<RowProps, 'target' | 'onDrop'> {
  target: Extract<Target, { kind: 'channel' }>;
}

/** Only where the channel itself is not the place. */
function ToField({ target, names, kinds, onChange }: ToFieldProps) {
  const channel = names.channels.find(({ id }) => id === target.channel);
  const place = kinds.find(({ kind }) => kind === channel?.kind)?.to;
  if (place === undefined || place === null) return null;
  return (
    <div className="min-w-0 flex-1">
      <TextField
        label={place.label}
        placeholder={place.example}
        value={target.to}
        maxLength={320}
        autoCapitalize="off"
        onText={(to) => onChange({ ...target, to })}
      />
    </div>
  );
}
