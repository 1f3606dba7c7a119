// One metric of a whole fleet, customer, site or group: its average with the least and the greatest, and all together of what flows.
import { TimeSeries } from '#console/web/src/chart/time-series.tsx';
import { SourceNote } from '#console/web/src/span/source-note.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import type { Explorer } from './explorer.ts';
import { ExportMenu } from './export-menu.tsx';
import { averageLines, isFlow, totalLine } from './metric-lines.ts';
import { topOfUnit } from './metric-words.ts';
import { type SumData, useSum } from './metrics-data.ts';
import { sumFile } from './shown-file.ts';
import { t } from './text.ts';
import { useParts } from './use-parts.ts';

const HEIGHT_PX = 260;
const HOUR_MS = 3_600_000;

export function SumView({ explorer }: { explorer: Explorer }) {
  const { metric, over, time } = explorer;
  const read = useSum({ name: metric, over, window: time.window });
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('rangeFault')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined)
    return (
      <div role="status" aria-label={t('reading')}>
        <SkeletonBlock className="h-96" />
      </div>
    );
  return <Sum explorer={explorer} data={read.data} />;
}

function Sum({ explorer, data }: { explorer: Explorer; data: SumData }) {
  const { metric, time } = explorer;
  const { missing, stretches } = useParts(data.source);
  const { unit, part, devices } = data;
  if (data.avg.every((value) => value === null)) return <EmptyState title={t('nothing')} body={t('nothingBody')} />;
  const shared = { unit, from: part.from, to: part.to, stretches, onZoom: time.onZoom, height: HEIGHT_PX };
  return (
    <div className="grid gap-3">
      {isFlow(unit) && <TimeSeries {...shared} title={t('total')} lines={[totalLine(data, t('total'))]} />}
      <TimeSeries
        {...shared}
        title={t('perDevice')}
        fixedTop={topOfUnit(unit)}
        lines={averageLines(data, { average: t('average'), highest: t('highest') })}
        choice={
          <>
            <span className="text-xs whitespace-nowrap text-muted">{t('ofDevices', { count: devices })}</span>
            <ExportMenu explorer={explorer} file={() => sumFile(metric, data)} />
          </>
        }
      />
      <SourceNote
        window={time.window}
        read={{ lines: [data], source: data.source }}
        intervalMs={HOUR_MS}
        missing={missing}
      />
    </div>
  );
}
