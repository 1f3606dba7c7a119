// How well something was in the last month, a cell a day.
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { HeatStrip } from '#console/web/src/ui/heat-strip.tsx';
import type { HealthMoment } from './health-data.ts';
import { cellsOf } from './health-words.ts';
import { t } from './text.ts';

const DAYS = 30;

export function HistoryStrip({ moments }: { moments: readonly HealthMoment[] }) {
  const now = useFiveSeconds();
  const cells = cellsOf(moments, now, DAYS);
  const known = moments.filter(({ at }) => at > now - DAYS * 86_400_000).map(({ score }) => score);
  const summary =
    known.length === 0
      ? t('noHistory')
      : t('historyText', { least: Math.min(...known), most: Math.max(...known), days: DAYS });
  return (
    <div>
      <HeatStrip cells={cells} summary={summary} />
      <p className="m-0 mt-1 text-xs text-muted">{summary}</p>
    </div>
  );
}
