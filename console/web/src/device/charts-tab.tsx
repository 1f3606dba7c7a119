// All charts of a device, in groups, over one part of time; says how fine what they show is.
import { duration } from '#console/web/src/text/format.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { CHART_GROUPS, namesOf } from './chart-specs.ts';
import { DeviceCharts } from './device-charts.tsx';
import { useHistory, type Window } from './device-data.ts';
import { resolutionOf } from './resolution.ts';
import type { TabProps } from './tab-props.ts';
import { t } from './text.ts';
import { TimeBar } from './time-bar.tsx';
import { useMarks } from './use-marks.ts';

const NAMES = namesOf(CHART_GROUPS.flatMap(({ charts }) => charts));

export function ChartsTab({ device, tail, time }: TabProps) {
  const read = useHistory(device.id, time.window, NAMES);
  const marks = useMarks(device.id, read.data);
  return (
    <>
      <TimeBar window={time.window} span={time.span} onSpan={time.onSpan} />
      {read.isError && <FaultNote what={t('historyFault')} error={read.error} onRetry={() => void read.refetch()} />}
      <p className="device-note">
        <Resolution window={time.window} read={read.data} intervalMs={device.intervalMs} />
      </p>
      {CHART_GROUPS.map(({ title, charts }) => (
        <section key={title} aria-label={t(title)} className="mb-4">
          <h2 className="section-title mb-2">{t(title)}</h2>
          <DeviceCharts
            {...{ charts, tail, marks }}
            window={time.window}
            intervalMs={device.intervalMs}
            series={read.data?.series}
            onZoom={time.onZoom}
          />
        </section>
      ))}
    </>
  );
}

interface ResolutionProps {
  window: Window;
  read: ReturnType<typeof useHistory>['data'];
  intervalMs: number;
}

export function Resolution({ window, read, intervalMs }: ResolutionProps) {
  if (read === undefined) return t('reading');
  const spanMs = window.kind === 'still' ? window.to - window.from : window.span.ms;
  const pointMs = resolutionOf(read.series, spanMs, intervalMs);
  const each = t('eachPoint', { duration: duration(pointMs) });
  const zoom = t('zoomHint');
  if (read.hourStep === 1) return `${each} ${zoom}`;
  return `${each} ${t('sampled', { count: read.hourStep })} ${zoom}`;
}
