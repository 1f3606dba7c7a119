// A choice of one from a known list: the browser's own select, which phones and screen readers know best.
import type { Ref, SelectHTMLAttributes } from 'react';
import { Field, type FieldTexts } from './field.tsx';
import { Icon } from './icon.tsx';

export interface Option<Value extends string = string> {
  value: Value;
  label: string;
  /** Said beside it, quieter. */
  hint?: string;
  isDisabled?: boolean;
}

interface SelectProps<Value extends string>
  extends FieldTexts,
    Omit<SelectHTMLAttributes<HTMLSelectElement>, 'className' | 'onChange' | 'value' | 'id'> {
  options: ReadonlyArray<Option<Value>>;
  /** Empty while nothing is chosen: then `placeholder` stands there. */
  value: Value | '';
  onChoose: (value: Value) => void;
  placeholder?: string;
  ref?: Ref<HTMLSelectElement>;
}

export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, hint, error, isLabelHidden, options, onChoose, placeholder, value, ...rest } = props;
  const choose = (chosen: string) => {
    const option = options.find((one) => one.value === chosen);
    if (option !== undefined) onChoose(option.value);
  };
  return (
    <Field {...{ label, hint, error, ...(isLabelHidden && { isLabelHidden }) }}>
      {(tied) => (
        <span className="select-frame">
          <select {...rest} {...tied} value={value} className="field" onChange={(event) => choose(event.target.value)}>
            {(placeholder !== undefined || value === '') && (
              <option value="" disabled>
                {placeholder}
              </option>
            )}
            {options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.isDisabled}>
                {option.label}
              </option>
            ))}
          </select>
          <Icon name="chevron-down" />
        </span>
      )}
    </Field>
  );
}
