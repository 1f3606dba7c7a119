// All charts of a device, in groups, over one part of time; says how fine what they show is.
import { SourceNote } from '#console/web/src/span/source-note.tsx';
import { TimeBar } from '#console/web/src/span/time-bar.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { CHART_GROUPS, namesOf } from './chart-specs.ts';
import { DeviceCharts } from './device-charts.tsx';
import { useHistory } from './device-data.ts';
import type { TabProps } from './tab-props.ts';
import { t } from './text.ts';
import { useMarks } from './use-marks.ts';
import { useMissing } from './use-missing.ts';

const NAMES = namesOf(CHART_GROUPS.flatMap(({ charts }) => charts));

export function ChartsTab({ device, tail, time }: TabProps) {
  const read = useHistory(device.id, time.window, NAMES);
  const marks = useMarks(device.id, read.data);
  const { missing, stretches, shown } = useMissing(device, read.data);
  return (
    <>
      <TimeBar time={time} />
      {read.isError && <FaultNote what={t('historyFault')} error={read.error} onRetry={() => void read.refetch()} />}
      <SourceNote window={time.window} read={shown} intervalMs={device.intervalMs} missing={missing} />
      {CHART_GROUPS.map(({ title, charts }) => (
        <section key={title} aria-label={t(title)} className="mb-4">
          <h2 className="section-title mb-2">{t(title)}</h2>
          <DeviceCharts
            {...{ charts, tail, marks, stretches }}
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
