// The readings that alerts speak of, around the time at which they began.
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { TimeSeries } from '#console/web/src/chart/time-series.tsx';
import { deviceLines } from '#console/web/src/metrics/metric-lines.ts';
import { metricWords, topOfUnit } from '#console/web/src/metrics/metric-words.ts';
import { useRange } from '#console/web/src/metrics/metrics-data.ts';
import { useParts } from '#console/web/src/metrics/use-parts.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import type { Alert, SeriesLink } from './incidents-data.ts';
import { t } from './text.ts';

/** More charts are looked at on the device's own page. */
const MAX_CHARTS = 4;
/** Of what is open still, the end moves on: once a minute is enough for a new reading. */
const MINUTE_MS = 60_000;

export function SeriesPart({ series, alerts }: { series: readonly SeriesLink[]; alerts: readonly Alert[] }) {
  return (
    <section className="grid gap-3" aria-label={t('series')}>
      {series.slice(0, MAX_CHARTS).map((link) => (
        <SeriesChart
          key={`${link.alertId} ${link.name} ${link.instance}`}
          link={link}
          alert={alerts.find(({ id }) => id === link.alertId)}
        />
      ))}
    </section>
  );
}

function SeriesChart({ link, alert }: { link: SeriesLink; alert: Alert | undefined }) {
  const { deviceId, name, instance, from } = link;
  const to = Math.ceil(link.to / MINUTE_MS) * MINUTE_MS;
  const window = useMemo(() => ({ kind: 'still', from, to }) as const, [from, to]);
  const read = useRange({ devices: [deviceId], name, instance: instance === '' ? undefined : instance, window });
  const { stretches } = useParts(read.data?.source);
  const lines = useMemo(() => deviceLines(read.data?.lines ?? [], [deviceId]).lines, [read.data, deviceId]);
  const openedAt = alert?.openedAt;
  const marks = useMemo(
    () => (openedAt === undefined ? [] : [{ at: openedAt, kind: 'action' as const, text: t('began') }]),
    [openedAt],
  );
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('seriesNotRead')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <SkeletonBlock className="h-56" />;
  const unit = read.data.lines[0]?.unit ?? '';
  const title = instance === '' ? metricWords(name) : `${metricWords(name)} ${instance}`;
  return (
    <TimeSeries
      {...{ title, unit, lines, marks, stretches, from, to }}
      fixedTop={topOfUnit(unit)}
      choice={
        <Link
          to="/devices/$id"
          params={{ id: deviceId }}
          search={{ tab: 'charts', from, to }}
          className="quiet-link text-xs"
        >
          {t('allCharts')}
        </Link>
      }
    />
  );
}
