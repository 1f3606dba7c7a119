// The forms of actions that pages order: what is asked for, and the action it makes. Another action is another form here.
import { Select } from '#console/web/src/ui/select.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { EMPTY, type Orderable } from './orderable.ts';
import { t } from './text.ts';

interface ActionFormProps {
  action: Orderable;
  error: string;
  onChange: (action: Orderable) => void;
}

const KINDS = [
  { name: 'command.run', text: 'doCommand' },
  { name: 'service.restart', text: 'doRestart' },
] as const satisfies ReadonlyArray<{ name: Orderable['name']; text: string }>;

export function ActionForm(props: ActionFormProps) {
  return (
    <>
      <Select
        label={t('toDo')}
        options={KINDS.map(({ name, text }) => ({ value: name, label: t(text) }))}
        value={props.action.name}
        onChoose={(name) => props.onChange(EMPTY[name])}
      />
      <Details {...props} />
    </>
  );
}

function Details({ action, error, onChange }: ActionFormProps) {
  switch (action.name) {
    case 'command.run':
      return (
        <TextArea
          label={t('command')}
          hint={t('commandHint')}
          error={error}
          isCode
          rows={4}
          maxLength={65_536}
          value={action.arguments.command}
          onText={(command) => onChange({ name: 'command.run', arguments: { command } })}
        />
      );
    case 'service.restart':
      return (
        <TextField
          label={t('service')}
          hint={t('serviceHint')}
          error={error}
          maxLength={128}
          autoCapitalize="none"
          spellCheck={false}
          value={action.arguments.service}
          onText={(service) => onChange({ name: 'service.restart', arguments: { service } })}
        />
      );
  }
}
