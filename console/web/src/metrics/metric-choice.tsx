// Which metric: found by its words or by its name.
import { useMemo } from 'react';
import { Combobox } from '#console/web/src/ui/combobox.tsx';
import { metricLabel } from './metric-words.ts';
import type { MetricEntry } from './metrics-data.ts';
import { t } from './text.ts';

interface MetricChoiceProps {
  metrics: readonly MetricEntry[];
  name: string;
  onChoose: (name: string) => void;
}

/** Those that have words come first: they are what one looks for most. */
function optionsOf(metrics: readonly MetricEntry[]) {
  const options = metrics.map(({ name, unit, kind }) => ({
    value: name,
    label: metricLabel(name),
    hint: kind === 'derived' ? unit : `${unit}, ${kind}`,
  }));
  const isWorded = (option: { value: string; label: string }) => option.label !== option.value;
  return [...options.filter(isWorded), ...options.filter((option) => !isWorded(option))];
}

export function MetricChoice({ metrics, name, onChoose }: MetricChoiceProps) {
  const options = useMemo(() => optionsOf(metrics), [metrics]);
  return (
    <Combobox
      label={t('metric')}
      placeholder={t('findMetric')}
      options={options}
      value={options.find(({ value }) => value === name) ?? null}
      onChoose={(option) => option !== null && onChoose(option.value)}
    />
  );
}
