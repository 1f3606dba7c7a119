// How often a device is polled, chosen from what makes sense.
import { duration } from '#console/web/src/text/format.ts';
import { Select } from '#console/web/src/ui/select.tsx';
import { t } from './text.ts';

/** From a quick look to once a day. */
const INTERVALS = [5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000, 86_400_000];

interface IntervalFieldProps {
  /** Milliseconds, empty for `usual`. */
  value: string;
  /** What stands there when nothing is chosen. */
  usual?: string;
  hint?: string;
  error: string;
  onChoose: (value: string) => void;
}

export function IntervalField({ value, usual, hint, error, onChoose }: IntervalFieldProps) {
  const chosen = Number(value);
  // One that was set elsewhere stays in the list, or the form would change it.
  const known = value === '' || INTERVALS.includes(chosen) ? INTERVALS : [...INTERVALS, chosen].sort((a, b) => a - b);
  const options = known.map((ms) => ({ value: String(ms), label: duration(ms) }));
  const none = usual === undefined ? [] : [{ value: NONE, label: usual }];
  return (
    <Select
      label={t('interval')}
      hint={hint}
      error={error}
      options={[...none, ...options]}
      value={value === '' && usual !== undefined ? NONE : value}
      onChoose={(next) => onChoose(next === NONE ? '' : next)}
    />
  );
}

const NONE = 'usual';
