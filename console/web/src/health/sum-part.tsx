// How well a site or the fleet is: its score, how many devices are how, the worst of them, and how it was.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { integer } from '#console/web/src/text/format.ts';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { HEALTH_BUCKETS } from '#shared/model/health-words.ts';
import { type HealthSum, healthOverviewQuery, useHealthHistory, useWorst } from './health-data.ts';
import { bucketOfSum, bucketText } from './health-words.ts';
import { HistoryStrip } from './history-strip.tsx';
import { PartBars } from './part-bars.tsx';
import { ScoreMark } from './score-mark.tsx';
import { t } from './text.ts';
import './health.css';

/** Without a site: of the whole fleet. */
export function HealthSumPart({ siteId }: { siteId?: string | undefined }) {
  const read = useQuery(healthOverviewQuery);
  const history = useHealthHistory(siteId);
  const sum = siteId === undefined ? read.data?.fleet : read.data?.sites.find((site) => site.siteId === siteId);
  return (
    <section className="panel health-sum" aria-label={t('health')}>
      <h2 className="section-title mb-0">{t('health')}</h2>
      {read.data === undefined && read.isError && <p className="m-0 text-muted">{t('notRead')}</p>}
      {read.data === undefined && !read.isError && <SkeletonBlock className="h-40" />}
      {read.data !== undefined &&
        (sum === undefined || sum.devices === 0 ? (
          <p className="m-0 text-muted">{t('noDevices')}</p>
        ) : (
          <Sum sum={sum} />
        ))}
      {history.data !== undefined && sum !== undefined && sum.devices > 0 && <HistoryStrip moments={history.data} />}
      {sum !== undefined && sum.devices > 0 && <Worst siteId={siteId} />}
    </section>
  );
}

function Sum({ sum }: { sum: HealthSum }) {
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-3">
        <ScoreMark score={sum.score} bucket={bucketOfSum(sum)} isLarge />
        <span className="text-xs text-muted">{t('confidence', { points: sum.confidence })}</span>
      </div>
      <PartBars parts={sum} />
      <ul className="health-counts">
        {HEALTH_BUCKETS.map((bucket) => (
          <li key={bucket}>
            <span className="font-medium">{integer(sum.counts[bucket])}</span>{' '}
            <span className="text-muted">{bucketText(bucket)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Worst({ siteId }: { siteId: string | undefined }) {
  const rows = useWorst(siteId).data ?? [];
  if (rows.length === 0) return null;
  return (
    <div>
      <h3 className="section-title mb-1">{t('worst')}</h3>
      <ul className="health-points">
        {rows.map(({ deviceId, name, siteName, score, bucket }) => (
          <li key={deviceId} className="flex flex-wrap items-center justify-between gap-2">
            <Link to="/devices/$id" params={{ id: deviceId }} className="quiet-link font-medium">
              {name}
            </Link>
            {siteId === undefined && (
              <span className="grow truncate text-xs text-muted" title={siteName}>
                {siteName}
              </span>
            )}
            <ScoreMark score={score} bucket={bucket} />
          </li>
        ))}
      </ul>
    </div>
  );
}
