// The forms of actions that pages order: what is asked for, and the action it makes. Another action is another form here.
import { TextArea } from '#console/web/src/ui/text-field.tsx';
import type { Action } from '#shared/model/manifest.ts';
import { t } from './text.ts';

/** Those a page has a form for; the others are made where they belong, such as a rebuilt machine's on the command line. */
export type Orderable = Extract<Action, { name: 'command.run' }>;

interface ActionFormProps {
  action: Orderable;
  error: string;
  onChange: (action: Orderable) => void;
}

export const EMPTY_COMMAND: Orderable = { name: 'command.run', arguments: { command: '' } };

export function ActionForm({ action, error, onChange }: ActionFormProps) {
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
  }
}

/** What is missing, as a text of the catalogue; undefined when the action can be ordered. */
export const faultOf = ({ arguments: { command } }: Orderable): 'noCommand' | undefined =>
  command.trim() === '' ? 'noCommand' : undefined;
