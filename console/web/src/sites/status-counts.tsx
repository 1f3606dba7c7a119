// How many devices of a place are how: trouble first, each number a way into the fleet.
import { Link } from '@tanstack/react-router';
import { integer } from '#console/web/src/text/format.ts';
import { StatusShape, statusText } from '#console/web/src/ui/status-mark.tsx';
import type { DeviceStatus } from '#shared/model/device.ts';
import type { StatusCounts } from './sites-data.ts';
import { t } from './text.ts';

const ORDER = ['down', 'identity-changed', 'unknown', 'up'] as const;

interface StatusCountsProps {
  counts: StatusCounts | undefined;
  /** All of them, for a place whose states are not known yet. */
  total: number;
  filter: (status?: DeviceStatus) => string;
  /** Where there is room for the word beside the number. */
  hasWords?: boolean;
}

export function StatusCountLinks({ counts, total, filter, hasWords = false }: StatusCountsProps) {
  if (total === 0) return <span className="text-muted">{t('noDevices')}</span>;
  if (counts === undefined)
    return (
      <Link to="/fleet" search={{ q: filter() }} className="count-link">
        {t('devices', { count: total })}
      </Link>
    );
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
      {ORDER.map((status) => {
        const count = counts[status] ?? 0;
        if (count === 0) return null;
        const name = `${integer(count)} ${statusText(status)}`;
        return (
          <Link
            key={status}
            to="/fleet"
            search={{ q: filter(status) }}
            className="count-link"
            aria-label={name}
            title={name}
          >
            <StatusShape status={status} />
            {hasWords ? name : integer(count)}
          </Link>
        );
      })}
    </span>
  );
}
