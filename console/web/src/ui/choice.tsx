// One of a few: radio buttons with room for words, or segments in one line where the words are short.
import { useId } from 'react';
import { FieldError } from './field.tsx';
import type { Option } from './select.tsx';

interface ChoiceProps<Value extends string> {
  label: string;
  options: ReadonlyArray<Option<Value>>;
  value: Value | undefined;
  onChoose: (value: Value) => void;
  isDisabled?: boolean;
}

export function RadioGroup<Value extends string>(props: ChoiceProps<Value> & { error?: string }) {
  const { label, options, value, onChoose, isDisabled = false, error = '' } = props;
  const name = useId();
  return (
    <fieldset className="field-row" aria-describedby={error === '' ? undefined : `${name}-error`}>
      <legend className="field-label">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className="tick-row">
          <input
            type="radio"
            name={name}
            className="tick tick-round"
            checked={option.value === value}
            disabled={isDisabled || option.isDisabled}
            onChange={() => onChoose(option.value)}
          />
          <span>
            {option.label}
            {option.hint !== undefined && <span className="field-hint block">{option.hint}</span>}
          </span>
        </label>
      ))}
      <FieldError id={`${name}-error`} text={error} />
    </fieldset>
  );
}

/** Switches a view at once; a view that deserves an address of its own is a tab. */
export function Segmented<Value extends string>({
  label,
  options,
  value,
  onChoose,
  isDisabled = false,
}: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className="segments">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label key={option.value} title={option.hint}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            disabled={isDisabled || option.isDisabled}
            onChange={() => onChoose(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
