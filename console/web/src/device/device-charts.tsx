// Charts of a device over one part of time: sliding with the time and growing with each poll, or standing still.
import { useMemo } from 'react';
import type { TailPoint } from '#console/web/src/chart/line.ts';
import type { Mark } from '#console/web/src/chart/marks.ts';
import type { Stretch } from '#console/web/src/chart/stretches.ts';
import { TimeSeries } from '#console/web/src/chart/time-series.tsx';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import type { Window } from '#console/web/src/span/spans.ts';
import { linesOf } from './chart-lines.ts';
import type { ChartSpec } from './chart-specs.ts';
import type { History } from './device-data.ts';
import { t } from './text.ts';

/** One late poll is no gap, two missed ones are. */
const GAP_INTERVALS = 2.5;

export interface ChartsProps {
  charts: readonly ChartSpec[];
  window: Window;
  intervalMs: number;
  tail: readonly TailPoint[];
  series: History['series'] | undefined;
  marks: readonly Mark[];
  stretches: readonly Stretch[];
  onZoom: (from: number, to: number) => void;
  height?: number;
}

export function DeviceCharts({ charts, ...rest }: ChartsProps) {
  return (
    <div className="device-charts">
      {charts.map((spec) => (
        <Chart key={spec.title} spec={spec} {...rest} />
      ))}
    </div>
  );
}

function Chart({
  spec,
  window,
  intervalMs,
  tail,
  series,
  marks,
  stretches,
  onZoom,
  height,
}: Omit<ChartsProps, 'charts'> & { spec: ChartSpec }) {
  const now = useFiveSeconds();
  const isStill = window.kind === 'still';
  // What stands still does not grow; a poll that came late is in the next reading of its history.
  const grown = isStill ? NO_TAIL : tail;
  const to = isStill ? window.to : Math.max(now, tail.at(-1)?.at ?? 0);
  const from = isStill ? window.from : to - window.span.ms;
  const { lines, more, quiet } = useMemo(
    () => linesOf({ spec, series, tail: grown, gapMs: GAP_INTERVALS * intervalMs, labelOf: t }),
    [spec, series, grown, intervalMs],
  );
  return (
    <TimeSeries
      title={t(spec.title)}
      unit={spec.unit}
      lines={lines}
      from={from}
      to={to}
      fixedTop={spec.fixedTop}
      marks={marks}
      stretches={stretches}
      onZoom={onZoom}
      quietGroups={quiet}
      choice={more > 0 && <span className="text-xs text-muted">{t('moreInstances', { count: more })}</span>}
      {...(height === undefined ? {} : { height })}
    />
  );
}

const NO_TAIL: readonly TailPoint[] = [];
