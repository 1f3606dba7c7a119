// How busy and how full a site, a customer or the fleet is: the average and the worst over time, and who has the most of it now.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { TimeSeries } from '#console/web/src/chart/time-series.tsx';
import { SourceNote } from '#console/web/src/span/source-note.tsx';
import type { SpanKey, SpanSearch } from '#console/web/src/span/spans.ts';
import { TimeBar } from '#console/web/src/span/time-bar.tsx';
import { type Time, useTime } from '#console/web/src/span/use-time.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import './metrics.css';
import { LOAD_SPAN } from './load-search.ts';
import { averageLines, isFlow, totalLine } from './metric-lines.ts';
import { topOfUnit } from './metric-words.ts';
import { SMALL_POINTS, useSum } from './metrics-data.ts';
import type { en } from './text.en.ts';
import { t } from './text.ts';
import { TopFive } from './top-five.tsx';
import { useParts } from './use-parts.ts';

const CHARTS: ReadonlyArray<{ name: string; title: keyof typeof en & `load${string}` }> = [
  { name: 'cpu.used_ratio', title: 'loadCpu' },
  { name: 'memory.used_ratio', title: 'loadMemory' },
  { name: 'filesystem.used_ratio', title: 'loadDisk' },
  { name: 'network.rx_rate', title: 'loadIn' },
  { name: 'network.tx_rate', title: 'loadOut' },
];
/** Sums are made of whole hours. */
const WITHOUT: readonly SpanKey[] = ['15m', '1h'];
const HOUR_MS = 3_600_000;

interface LoadPanelProps {
  /** "fleet", "customer:ID", "site:ID" or "group:ID". */
  over: string;
  search: SpanSearch;
}

export function LoadPanel({ over, search }: LoadPanelProps) {
  const time = useTime(search, LOAD_SPAN);
  const [top, setTop] = useState(CHARTS[0]?.name ?? '');
  return (
    <section className="panel p-3" aria-label={t('load')}>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="section-title mb-0">{t('load')}</h2>
        <Link
          to="/metrics"
          search={{ show: 'sum', ...(over === 'fleet' ? {} : { over }), ...search }}
          className="quiet-link text-xs"
        >
          {t('explore')}
        </Link>
      </div>
      <TimeBar time={time} without={WITHOUT} />
      <div className="load-charts">
        {CHARTS.map(({ name, title }) => (
          <LoadChart key={name} name={name} title={t(title)} over={over} time={time} />
        ))}
        <TopFive over={over} window={time.window} name={top} names={CHARTS.map(({ name }) => name)} onName={setTop} />
      </div>
      <Note over={over} time={time} />
    </section>
  );
}

interface LoadChartProps {
  name: string;
  title: string;
  over: string;
  time: Time;
}

function LoadChart({ name, title, over, time }: LoadChartProps) {
  const read = useSum({ name, over, window: time.window, maxPoints: SMALL_POINTS });
  const { stretches } = useParts(read.data?.source);
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('loadFault')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <SkeletonBlock className="h-56" />;
  const { unit, part } = read.data;
  const lines = isFlow(unit)
    ? [totalLine(read.data, t('total'))]
    : averageLines(read.data, { average: t('average'), highest: t('highest') });
  return (
    <TimeSeries
      {...{ title, unit, lines, stretches }}
      from={part.from}
      to={part.to}
      fixedTop={topOfUnit(unit)}
      onZoom={time.onZoom}
    />
  );
}

/** All charts here are of one span and of the same hours: the first speaks for all. */
function Note({ over, time }: { over: string; time: Time }) {
  const { data } = useSum({ name: CHARTS[0]?.name ?? '', over, window: time.window, maxPoints: SMALL_POINTS });
  const { missing } = useParts(data?.source);
  const read = data === undefined ? undefined : { lines: [data], source: data.source };
  return <SourceNote window={time.window} read={read} intervalMs={HOUR_MS} missing={missing} />;
}
