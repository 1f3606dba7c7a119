// What a relay did under a standing order: when, on how many devices, and what came of it.
import { Link } from '@tanstack/react-router';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { agoText, fullTime } from '#console/web/src/text/time.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { countsText } from './standing-cards.tsx';
import { type Run, useRuns } from './standing-data.ts';
import { t } from './text.ts';

export function StandingRuns({ id }: { id: string }) {
  const read = useRuns(id);
  return (
    <section aria-label={t('runs')} className="max-w-4xl">
      <h2 className="section-title mb-2">{t('runs')}</h2>
      {read.isError && <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data?.length === 0 && <p className="m-0 text-muted">{t('runsNone')}</p>}
      <ul className="plain-list">
        {read.data?.map((run) => (
          <li key={run.id}>
            <Line run={run} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ run: { id, createdAt, counts } }: { run: Run }) {
  const now = useFiveSeconds();
  return (
    <Link to="/orders/$id" params={{ id }} className="order-card text-ink no-underline hover:bg-raised">
      <span className="block font-medium">
        {fullTime(createdAt)} <span className="font-normal text-muted">{agoText(createdAt, now)}</span>
      </span>
      <span className="block">{countsText(counts)}</span>
    </Link>
  );
}
