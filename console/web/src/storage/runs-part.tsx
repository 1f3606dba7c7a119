// What the jobs did, newest first, of one or of all.
import { useNavigate } from '@tanstack/react-router';
import { consoleNow } from '#console/web/src/live/now.ts';
import { duration } from '#console/web/src/text/format.ts';
import { fullTime, timeOrDay } from '#console/web/src/text/time.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { RunState } from './run-state.tsx';
import { type JobName, type RunRow, useRuns } from './storage-data.ts';
import { JOBS } from './storage-search.ts';
import { t } from './text.ts';

export function RunsPart({ job }: { job: JobName | undefined }) {
  const read = useRuns(job);
  const navigate = useNavigate();
  const choose = (chosen: JobName | 'all') =>
    void navigate({
      to: '/storage',
      search: ({ job: _job, ...former }) => (chosen === 'all' ? former : { ...former, job: chosen }),
      replace: true,
      resetScroll: false,
    });
  return (
    <section className="panel p-3" aria-label={t('runs')}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="section-title mb-0">{t('runs')}</h2>
        <Select
          label={t('runsOf')}
          isLabelHidden
          value={job ?? 'all'}
          options={[
            { value: 'all' as const, label: t('allJobs') },
            ...JOBS.map((value) => ({ value, label: t(`job_${value}`) })),
          ]}
          onChoose={choose}
        />
      </div>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('runsNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonBlock className="h-56" />}
      {read.data?.length === 0 && <p className="m-0 text-muted">{t('noRuns')}</p>}
      {read.data !== undefined && read.data.length > 0 && (
        <Table caption={t('runs')} isCaptionHidden columns={columnsOf()} rows={read.data} rowKey={({ id }) => id} />
      )}
    </section>
  );
}

/** On a phone what it did stands below how it ended. */
const StateCell = ({ run: { state, detail } }: { run: RunRow }) => (
  <>
    <RunState state={state} />
    <div className="text-xs text-muted wrap-anywhere sm:hidden">{detail}</div>
  </>
);

const columnsOf = (): Array<Column<RunRow>> => [
  {
    key: 'at',
    title: t('startedAt'),
    className: 'whitespace-nowrap',
    sortBy: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => <span title={fullTime(startedAt)}>{timeOrDay(startedAt, consoleNow())}</span>,
  },
  { key: 'job', title: t('job'), sortBy: ({ job }) => job, cell: ({ job }) => t(`job_${job}`) },
  { key: 'state', title: t('state'), sortBy: ({ state }) => state, cell: (run) => <StateCell run={run} /> },
  {
    key: 'took',
    title: t('took'),
    isNumber: true,
    className: 'hidden sm:table-cell',
    sortBy: ({ startedAt, endedAt }) => (endedAt === null ? null : endedAt - startedAt),
    cell: ({ startedAt, endedAt }) => (endedAt === null ? '–' : duration(endedAt - startedAt)),
  },
  {
    key: 'detail',
    title: t('detail'),
    className: 'w-2/5 hidden sm:table-cell',
    cell: ({ detail }) => <span className="wrap-anywhere">{detail}</span>,
  },
];
