// The forms of actions that pages order: which one, and a field for each of its parameters, made from what the catalogue says of them.
import { systemText } from '#console/web/src/fleet/value-text.ts';
import { PickMany } from '#console/web/src/form/pick-many.tsx';
import { language } from '#console/web/src/i18n/language.ts';
import { orderableNames } from '#console/web/src/trust/variable-rows.ts';
import { useVariables } from '#console/web/src/trust/variables-data.ts';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import type { Parameter } from '#shared/model/actions/action-facts.ts';
import { CATALOGUE } from '#shared/model/actions/catalogue.ts';
import type { CatalogueAction } from '#shared/model/actions/catalogue-actions.ts';
import { REGISTRY_KINDS } from '#shared/model/actions/parameter-types.ts';
import { actionTitle } from '#shared/model/actions/words.ts';
import {
  type ActionFault,
  emptyOf,
  givenText,
  isNumeric,
  type Orderable,
  type OrderableName,
  withGiven,
  withVariables,
} from './orderable.ts';
import { PARAMETER_TEXTS } from './parameter-texts.ts';
import { t } from './text.ts';

interface ActionFormProps<Name extends OrderableName> {
  /** What may be chosen, in the order in which it is offered. */
  names: readonly Name[];
  action: Orderable;
  fault: ActionFault | undefined;
  onChange: (action: Orderable) => void;
}

export function ActionForm<Name extends OrderableName>(props: ActionFormProps<Name>) {
  const { names, action, fault, onChange } = props;
  return (
    <>
      <Select
        label={t('toDo')}
        options={names.map((name) => ({ value: name, label: titleOf(name) }))}
        value={names.find((name) => name === action.name) ?? ''}
        onChoose={(name) => onChange(emptyOf(name))}
      />
      {action.name === 'command.run' ? (
        <Command action={action} fault={fault} onChange={onChange} />
      ) : (
        CATALOGUE[action.name].parameters.map((parameter) => (
          <Given key={`${action.name} ${parameter.name}`} {...{ parameter, action, fault, onChange }} />
        ))
      )}
    </>
  );
}

/** What only one system has says so. */
function titleOf(name: OrderableName): string {
  if (name === 'command.run') return t('doCommand');
  const [system, ...others] = CATALOGUE[name].systems;
  const title = actionTitle(name, language);
  return system === undefined || others.length > 0 ? title : t('onlyOn', { title, system: systemText(system) });
}

interface CommandProps {
  action: Extract<Orderable, { name: 'command.run' }>;
  fault: ActionFault | undefined;
  onChange: (action: Orderable) => void;
}

const Command = ({ action, fault, onChange }: CommandProps) => (
  <>
    <TextArea
      label={t('command')}
      hint={t('commandHint')}
      error={fault === undefined ? '' : t(fault.text)}
      isCode
      rows={4}
      maxLength={65_536}
      value={action.arguments.command}
      onText={(command) => onChange({ name: 'command.run', arguments: { ...action.arguments, command } })}
    />
    <GivenVariables chosen={action.arguments.vars ?? []} onChange={(vars) => onChange(withVariables(action, vars))} />
  </>
);

function GivenVariables({ chosen, onChange }: { chosen: readonly string[]; onChange: (names: string[]) => void }) {
  const names = orderableNames(useVariables().data ?? []);
  if (names.length === 0) return null;
  const options = names.map((name) => ({ value: name, label: name }));
  return <PickMany label={t('variables')} options={options} chosen={chosen} onChange={onChange} />;
}

interface GivenProps {
  parameter: Parameter;
  action: CatalogueAction;
  fault: ActionFault | undefined;
  onChange: (action: Orderable) => void;
}

const KINDS = {
  dword: 'kindDword',
  qword: 'kindQword',
  string: 'kindString',
  expand: 'kindExpand',
} as const satisfies Readonly<Record<(typeof REGISTRY_KINDS)[number], string>>;

/** As long as the longest value of any kind but a script. */
const MAX_TEXT = 4_096;
const MAX_SCRIPT = 65_536;

function Given({ parameter, action, fault, onChange }: GivenProps) {
  const texts = PARAMETER_TEXTS[parameter.type];
  const value = givenText(action, parameter.name);
  const onText = (text: string) => onChange(withGiven(action, parameter, text));
  const said = {
    label: parameter.isOptional === true ? t('notNeeded', { name: t(texts.label) }) : t(texts.label),
    ...('hint' in texts ? { hint: t(texts.hint) } : {}),
    error: fault?.parameter === parameter.name ? t(fault.text) : '',
  };
  if (parameter.type === 'registry-kind')
    return (
      <Select
        {...said}
        options={REGISTRY_KINDS.map((kind) => ({ value: kind, label: t(KINDS[kind]) }))}
        value={REGISTRY_KINDS.find((kind) => kind === value) ?? ''}
        onChoose={onText}
      />
    );
  if (parameter.type === 'powershell')
    return <TextArea {...said} isCode rows={6} maxLength={MAX_SCRIPT} value={value} onText={onText} />;
  return (
    <TextField
      {...said}
      autoCapitalize="none"
      spellCheck={false}
      maxLength={MAX_TEXT}
      inputMode={isNumeric(parameter) ? 'numeric' : 'text'}
      value={value}
      onText={onText}
    />
  );
}
