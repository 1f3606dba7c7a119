// Yes or no: a checkbox for what is saved later, a switch for what acts at once.
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface TickProps {
  label: ReactNode;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  hint?: string;
  isDisabled?: boolean;
}

interface CheckboxProps extends TickProps {
  /** Some of what it stands for is on, as in the head of a table. */
  isMixed?: boolean;
  /** Where the row says what it is; a screen reader hears the label all the same. */
  isLabelHidden?: boolean;
}

export function Checkbox({ isMixed = false, isLabelHidden = false, ...rest }: CheckboxProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = isMixed;
  }, [isMixed]);
  return <Tick {...rest} box={box} className="tick" isLabelHidden={isLabelHidden} />;
}

export const Switch = (props: TickProps) => <Tick {...props} className="tick tick-switch" role="switch" />;

interface InnerProps extends TickProps {
  className: string;
  role?: 'switch';
  box?: React.RefObject<HTMLInputElement | null>;
  isLabelHidden?: boolean;
}

function Tick({
  label,
  isOn,
  onChange,
  hint = '',
  isDisabled = false,
  className,
  role,
  box,
  isLabelHidden,
}: InnerProps) {
  const hintId = useId();
  return (
    <label className="tick-row">
      <input
        ref={box}
        type="checkbox"
        role={role}
        className={className}
        checked={isOn}
        disabled={isDisabled}
        aria-describedby={hint === '' ? undefined : hintId}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className={isLabelHidden === true ? 'sr-only' : ''}>
        {label}
        {hint !== '' && (
          <span id={hintId} className="field-hint block">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
