// A time zone by its name, found by typing, with the time it is there.
import { useMemo } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { Combobox } from '#console/web/src/ui/combobox.tsx';
import { t } from './text.ts';
import { zoneTime } from './zone-time.ts';

/** The browser's list leaves UTC out. */
const ZONES: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

interface ZoneFieldProps {
  zone: string;
  error: string;
  onChoose: (zone: string) => void;
}

export function ZoneField({ zone, error, onChoose }: ZoneFieldProps) {
  const now = useFiveSeconds();
  const options = useMemo(() => ZONES.map((value) => ({ value, label: value })), []);
  return (
    <Combobox
      label={t('timeZone')}
      hint={t('timeThere', { time: zoneTime(zone, now) })}
      error={error}
      options={options}
      value={{ value: zone, label: zone }}
      onChoose={(option) => {
        if (option !== null) onChoose(option.value);
      }}
    />
  );
}
