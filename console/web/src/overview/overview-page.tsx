// The estate at a glance: how many devices are how.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '#console/web/src/api/api.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { integer } from '#console/web/src/text/format.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { StatusMark } from '#console/web/src/ui/status-mark.tsx';
import { t } from './text.ts';

const STATUSES = ['down', 'identity-changed', 'unknown', 'up'] as const;

export function OverviewPage() {
  usePageTitle(t('title'));
  const read = useQuery({ queryKey: ['status'], queryFn: ({ signal }) => api.system.status(undefined, { signal }) });
  return (
    <>
      <h1 className="m-0 mb-4 text-xl font-semibold">{t('title')}</h1>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data === undefined && read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data !== undefined && (
        <ul className="m-0 flex list-none flex-wrap gap-2 p-0">
          {STATUSES.map((status) => (
            <li key={status}>
              <Link to="/fleet" search={{ q: `status:${status}` }} className="chip no-underline">
                <StatusMark status={status} /> {integer(read.data.devices[status] ?? 0)}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
