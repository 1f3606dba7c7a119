// Fields for text: one line or several. `onText` gives the text alone.
import type { InputHTMLAttributes, Ref, TextareaHTMLAttributes } from 'react';
import { Field, type FieldTexts } from './field.tsx';

interface TextFieldProps
  extends FieldTexts,
    Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'onChange' | 'value' | 'id'> {
  value: string;
  onText: (text: string) => void;
  /** For commands, addresses, keys. */
  isCode?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function TextField({
  label,
  hint,
  error,
  isLabelHidden,
  onText,
  isCode,
  type = 'text',
  ...rest
}: TextFieldProps) {
  return (
    <Field {...{ label, hint, error, ...(isLabelHidden && { isLabelHidden }) }}>
      {(tied) => (
        <input
          // Nothing here is a person's own address or card, and names of machines are no words.
          autoComplete="off"
          spellCheck={false}
          {...rest}
          {...tied}
          type={type}
          className={`field ${isCode === true ? 'font-mono' : ''}`}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}

interface TextAreaProps
  extends FieldTexts,
    Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className' | 'onChange' | 'value' | 'id'> {
  value: string;
  onText: (text: string) => void;
  isCode?: boolean;
  ref?: Ref<HTMLTextAreaElement>;
}

export function TextArea({ label, hint, error, isLabelHidden, onText, isCode, ...rest }: TextAreaProps) {
  return (
    <Field {...{ label, hint, error, ...(isLabelHidden && { isLabelHidden }) }}>
      {(tied) => (
        <textarea
          {...rest}
          {...tied}
          className={`field ${isCode === true ? 'font-mono text-xs' : ''}`}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}
