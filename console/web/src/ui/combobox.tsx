// One of many, found by typing, also among what only the console knows. Its engine is heavy and comes when one is shown.
import { lazy, Suspense, useRef } from 'react';
import { Field, type FieldTexts } from './field.tsx';
import type { Option } from './select.tsx';

export interface ComboboxProps extends FieldTexts {
  value: Option | null;
  onChoose: (option: Option | null) => void;
  /** All of them; or with `onQuery` those that fit what was typed. */
  options: readonly Option[];
  /** Called with what is typed, for options that are searched for elsewhere; wait a moment before asking. */
  onQuery?: (text: string) => void;
  isLoading?: boolean;
  placeholder?: string;
  isDisabled?: boolean;
}

const Engine = lazy(async () => ({ default: (await import('./combobox-engine.tsx')).ComboboxEngine }));

export function Combobox(props: ComboboxProps) {
  const { label, hint, error, isLabelHidden = false, isDisabled = false, value, placeholder } = props;
  // Who went to the field before its engine came is in it afterwards, too.
  const isWanted = useRef(false);
  return (
    <Field {...{ label, hint, error, isLabelHidden }}>
      {(tied) => (
        <Suspense
          fallback={
            <input
              {...tied}
              className="field"
              readOnly
              disabled={isDisabled}
              aria-busy
              value={value?.label ?? ''}
              placeholder={placeholder}
              onFocus={() => (isWanted.current = true)}
              onBlur={() => (isWanted.current = false)}
            />
          }
        >
          <Engine {...props} tied={tied} isWanted={isWanted} />
        </Suspense>
      )}
    </Field>
  );
}
