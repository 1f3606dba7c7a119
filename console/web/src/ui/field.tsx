// A label, a control, a hint and an error, tied together so that a screen reader says all four at the control.
import { type ReactNode, useId } from 'react';
import { Icon } from './icon.tsx';

export interface FieldTexts {
  label: string;
  hint?: ReactNode;
  /** What is wrong and how to mend it; empty when nothing is. */
  error?: string | undefined;
  /** Where the place says what it is, such as a filter above its table. */
  isLabelHidden?: boolean;
}

/** What a control takes to be tied to its texts. */
export interface Tied {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

interface FieldProps extends FieldTexts {
  children: (tied: Tied) => ReactNode;
}

export function Field({ label, hint, error = '', isLabelHidden = false, children }: FieldProps) {
  const id = useId();
  const hasHint = hint !== undefined && hint !== '';
  const described = [hasHint ? `${id}-hint` : '', error === '' ? '' : `${id}-error`].filter((part) => part !== '');
  return (
    <div className="field-row">
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'field-label'}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described.length === 0 ? undefined : described.join(' '),
        'aria-invalid': error === '' ? undefined : true,
      })}
      {hasHint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      <FieldError id={`${id}-error`} text={error} />
    </div>
  );
}

/** Announced when it comes while one types. */
export function FieldError({ id, text }: { id: string; text: string }) {
  if (text === '') return null;
  return (
    <p id={id} className="field-error" role="alert">
      <Icon name="warning" className="size-3.5" />
      {text}
    </p>
  );
}
