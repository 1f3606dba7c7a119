// The readings that a tried check looks at, with a line where each failure would have been found.
import { useMemo } from 'react';
import { TimeSeries } from '#console/web/src/chart/time-series.tsx';
import { severityText } from '#console/web/src/incidents/severity-mark.tsx';
import { deviceLines } from '#console/web/src/metrics/metric-lines.ts';
import { metricWords, topOfUnit } from '#console/web/src/metrics/metric-words.ts';
import { useRange } from '#console/web/src/metrics/metrics-data.ts';
import { useParts } from '#console/web/src/metrics/use-parts.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import type { CheckEpisode } from '#shared/contract/check-contract.ts';
import { t } from './text.ts';

interface PreviewChartProps {
  device: string;
  name: string;
  from: number;
  to: number;
  episodes: readonly CheckEpisode[];
}

export function PreviewChart({ device, name, from, to, episodes }: PreviewChartProps) {
  const window = useMemo(() => ({ kind: 'still', from, to }) as const, [from, to]);
  const read = useRange({ devices: [device], name, instance: undefined, window });
  const { stretches } = useParts(read.data?.source);
  const lines = useMemo(() => deviceLines(read.data?.lines ?? [], [device]).lines, [read.data, device]);
  const marks = useMemo(
    () =>
      episodes.map(({ openedAt, severity }) => ({
        at: openedAt,
        kind: 'action' as const,
        text: severityText(severity),
      })),
    [episodes],
  );
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('previewFault')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <SkeletonBlock className="h-56" />;
  const unit = read.data.lines[0]?.unit ?? '';
  return (
    <TimeSeries title={metricWords(name)} {...{ unit, lines, marks, stretches, from, to }} fixedTop={topOfUnit(unit)} />
  );
}
