// The forms of actions that pages order: what is asked for, and the action it makes. Another action is another form here.
import { PickMany } from '#console/web/src/form/pick-many.tsx';
import { orderableNames } from '#console/web/src/trust/variable-rows.ts';
import { useVariables } from '#console/web/src/trust/variables-data.ts';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { EMPTY, type Orderable, withVariables } from './orderable.ts';
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

function GivenVariables({ chosen, onChange }: { chosen: readonly string[]; onChange: (names: string[]) => void }) {
  const names = orderableNames(useVariables().data ?? []);
  if (names.length === 0) return null;
  const options = names.map((name) => ({ value: name, label: name }));
  return <PickMany label={t('variables')} options={options} chosen={chosen} onChange={onChange} />;
}

function Details({ action, error, onChange }: ActionFormProps) {
  switch (action.name) {
    case 'command.run':
      return (
        <>
          <TextArea
            label={t('command')}
            hint={t('commandHint')}
            error={error}
            isCode
            rows={4}
            maxLength={65_536}
            value={action.arguments.command}
            onText={(command) => onChange({ name: 'command.run', arguments: { ...action.arguments, command } })}
          />
          <GivenVariables
            chosen={action.arguments.vars ?? []}
            onChange={(vars) => onChange(withVariables(action, vars))}
          />
        </>
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
