// The console's own jobs: when each runs, how it went last, and a way to run it now.
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { agoText, fullTime } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { RunState } from './run-state.tsx';
import { type JobName, type JobRow, useJobs, useRunNow } from './storage-data.ts';
import { t } from './text.ts';

export function JobsPart() {
  const read = useJobs();
  const now = useFiveSeconds();
  const running = useRunNow();
  return (
    <section className="panel p-3" aria-label={t('jobs')}>
      <h2 className="section-title mb-2">{t('jobs')}</h2>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('jobsNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonBlock className="h-56" />}
      {read.data !== undefined && (
        <Table
          caption={t('jobs')}
          isCaptionHidden
          columns={columnsOf(now, running.isPending ? running.variables : undefined, (job) => running.mutate(job))}
          rows={read.data}
          rowKey={({ name }) => name}
        />
      )}
    </section>
  );
}

const When = ({ at, now }: { at: number; now: number }) => (
  <time dateTime={new Date(at).toISOString()} title={fullTime(at)} className="whitespace-nowrap">
    {agoText(at, now)}
  </time>
);

function columnsOf(now: number, busy: JobName | undefined, onRun: (job: JobName) => void): Array<Column<JobRow>> {
  return [
    {
      key: 'job',
      title: t('job'),
      cell: ({ name, summary }) => (
        <>
          <span className="font-medium">{t(`job_${name}`)}</span>
          <div className="text-xs text-muted max-sm:hidden">{summary}</div>
        </>
      ),
    },
    {
      key: 'when',
      title: t('when'),
      className: 'hidden md:table-cell',
      cell: ({ schedule, enabled }) => (enabled ? schedule : t('off')),
    },
    {
      key: 'last',
      title: t('lastRun'),
      cell: ({ lastRun }) =>
        lastRun === null ? (
          <span className="text-muted">{t('never')}</span>
        ) : (
          <>
            <RunState state={lastRun.state} /> <When at={lastRun.startedAt} now={now} />
            <div className="text-xs text-muted wrap-anywhere">{lastRun.detail}</div>
          </>
        ),
    },
    {
      key: 'next',
      title: t('nextRun'),
      className: 'hidden md:table-cell',
      cell: ({ nextAt }) => (nextAt === null ? '–' : <When at={nextAt} now={now} />),
    },
    {
      key: 'run',
      title: t('actions'),
      className: 'w-px head-quiet',
      cell: ({ name, lastRun }) => (
        <Button
          isSmall
          icon="play"
          needs="system.maintain"
          isBusy={busy === name}
          disabled={lastRun?.state === 'running'}
          aria-label={t('runNowOf', { job: t(`job_${name}`) })}
          onClick={() => onRun(name)}
        >
          <span className="max-sm:sr-only">{t('runNow')}</span>
        </Button>
      ),
    },
  ];
}
