// Some of a known list, ticked.
import { Checkbox } from '#console/web/src/ui/tick.tsx';

interface PickManyProps {
  label: string;
  options: ReadonlyArray<{ value: string; label: string }>;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

export function PickMany({ label, options, chosen, onChange }: PickManyProps) {
  return (
    <fieldset className="field-row form-wide">
      <legend className="field-label mb-1">{label}</legend>
      <div className="grid max-h-40 grid-cols-[repeat(auto-fill,minmax(min(12rem,100%),1fr))] gap-x-4 overflow-y-auto">
        {options.map(({ value, label: name }) => (
          <Checkbox
            key={value}
            label={name}
            isOn={chosen.includes(value)}
            onChange={(isOn) => onChange(isOn ? [...chosen, value] : chosen.filter((one) => one !== value))}
          />
        ))}
      </div>
    </fieldset>
  );
}
