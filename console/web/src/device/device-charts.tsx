// The charts of a device over one span, sliding with the time and growing with each poll.
import { useMemo, useState } from 'react';
import { isEmpty, type Line, type TailPoint, withTail } from '#console/web/src/chart/line.ts';
import { TimeSeries } from '#console/web/src/chart/time-series.tsx';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { seriesKey } from '#shared/model/series-key.ts';
import { CHARTS, type ChartSpec, instancesOf } from './chart-specs.ts';
import { type History, useHistory } from './device-data.ts';
import type { Span } from './span.ts';

/** One late poll is no gap, two missed ones are. */
const GAP_INTERVALS = 2.5;

interface ChartsProps {
  id: string;
  span: Span;
  intervalMs: number;
  tail: readonly TailPoint[];
}

export function DeviceCharts({ id, span, intervalMs, tail }: ChartsProps) {
  const history = useHistory(id, span);
  return (
    <section aria-label="Charts">
      {history.isError && (
        <div className="mb-3">
          <FaultNote
            what="The history could not be read."
            error={history.error}
            onRetry={() => void history.refetch()}
          />
        </div>
      )}
      <div className="grid grid-cols-1 gap-3 md:grid-cols-2 wide:grid-cols-3">
        {CHARTS.map((spec) => (
          <Chart
            key={spec.title}
            spec={spec}
            span={span}
            gapMs={GAP_INTERVALS * intervalMs}
            tail={tail}
            series={history.data?.series}
          />
        ))}
      </div>
    </section>
  );
}

interface ChartProps {
  spec: ChartSpec;
  span: Span;
  gapMs: number;
  tail: readonly TailPoint[];
  series: History['series'] | undefined;
}

function Chart({ spec, span, gapMs, tail, series }: ChartProps) {
  const now = useFiveSeconds();
  const to = Math.max(now, tail.at(-1)?.at ?? 0);
  const [chosen, setChosen] = useState<string>();
  const instances = useInstances(spec, series, tail);
  const instance = chosen !== undefined && instances.includes(chosen) ? chosen : (instances[0] ?? '');
  const lines = useLines({ spec, series, tail, gapMs, instance });
  const choice =
    spec.scope === 'device' ? undefined : (
      <InstanceChoice title={spec.title} instances={instances} value={instance} onChoose={setChosen} />
    );
  return (
    <TimeSeries
      title={spec.title}
      unit={spec.unit}
      lines={lines}
      from={to - span.ms}
      to={to}
      fixedTop={spec.fixedTop}
      choice={choice}
    />
  );
}

/** Lines with nothing at all, such as swap where there is none, are left out; the first always stays. */
function useLines({ spec, series, tail, gapMs, instance }: Omit<ChartProps, 'span'> & { instance: string }): Line[] {
  return useMemo(() => {
    const lines = spec.lines.map(({ name, label }) => {
      const history = series?.find((one) => one.name === name && one.instance === instance);
      return withTail(label, history, tail, { key: seriesKey(name, instance), gapMs });
    });
    return lines.filter((line, index) => index === 0 || !isEmpty(line));
  }, [spec, series, tail, gapMs, instance]);
}

/** Disks or interfaces, the busiest of the span first. */
function useInstances(spec: ChartSpec, series: History['series'] | undefined, tail: readonly TailPoint[]): string[] {
  const newest = tail.at(-1)?.values;
  return useMemo(() => {
    const [first] = spec.lines;
    if (spec.scope === 'device' || first === undefined) return [];
    const traffic = new Map(instancesOf(newest ?? {}, first.name).map((instance) => [instance, 0]));
    for (const { name, instance, avg } of series ?? [])
      if (spec.lines.some((line) => line.name === name))
        traffic.set(instance, (traffic.get(instance) ?? 0) + avg.reduce<number>((sum, value) => sum + (value ?? 0), 0));
    return [...traffic].sort(([, a], [, b]) => b - a).map(([instance]) => instance);
  }, [spec, series, newest]);
}

interface ChoiceProps {
  title: string;
  instances: readonly string[];
  value: string;
  onChoose: (instance: string) => void;
}

function InstanceChoice({ title, instances, value, onChoose }: ChoiceProps) {
  if (instances.length < 2) return <span className="text-xs text-muted">{value}</span>;
  return (
    <select
      className="select-quiet"
      aria-label={`Which one for ${title}`}
      value={value}
      onChange={(event) => onChoose(event.target.value)}
    >
      {instances.map((instance) => (
        <option key={instance} value={instance}>
          {instance}
        </option>
      ))}
    </select>
  );
}
