// A dialog that puts values on many devices or takes them off: nothing changes until it is applied.

import type { ReactNode } from 'react';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { type Decisions, type Had, isMixed, isOn, pressed } from './bulk-choice.ts';
import { t } from './text.ts';

interface ChoiceDialogProps {
  title: string;
  options: ReadonlyArray<{ value: string; label: string }>;
  /** Said when there is nothing to choose. */
  none: string;
  had: (value: string) => Had;
  decisions: Decisions;
  onDecisions: (decisions: Decisions) => void;
  isChanged: boolean;
  isBusy: boolean;
  error: string | undefined;
  onApply: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function ChoiceDialog(props: ChoiceDialogProps) {
  const { title, options, none, had, decisions, onDecisions, isChanged, isBusy, error, onApply, onClose, children } =
    props;
  return (
    <Dialog
      isOpen
      size="small"
      title={title}
      onClose={onClose}
      onSubmit={() => isChanged && onApply()}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('apply')} isBusy={isBusy} isIdle={!isChanged} onClose={onClose} />}
    >
      {options.length === 0 ? (
        <p className="text-muted">{none}</p>
      ) : (
        <ul className="m-0 grid max-h-72 list-none grid-cols-1 gap-x-4 overflow-y-auto p-0 sm:grid-cols-2">
          {options.map(({ value, label }) => (
            <li key={value} className="min-w-0">
              <Checkbox
                label={label}
                isOn={isOn(decisions, value, had(value))}
                isMixed={isMixed(decisions, value, had(value))}
                onChange={() => onDecisions(pressed(decisions, value, had(value)))}
              />
            </li>
          ))}
        </ul>
      )}
      {children}
      {error !== undefined && (
        <p role="alert" className="text-down">
          {error}
        </p>
      )}
    </Dialog>
  );
}
