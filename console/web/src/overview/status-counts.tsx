// How many devices are how: each number leads to those devices, and a bar below shows their shares.
import { Link } from '@tanstack/react-router';
import { integer, percent } from '#console/web/src/text/format.ts';
import { STATUS_COLOUR, StatusShape, statusText } from '#console/web/src/ui/status-mark.tsx';
import { type Counts, STATUSES, totalOf } from './site-state.ts';
import { StatusBar } from './status-bar.tsx';
import { t } from './text.ts';

export function StatusCounts({ counts, simulated }: { counts: Counts; simulated: number }) {
  const total = totalOf(counts);
  return (
    <section aria-label={t('devicesByStatus')} className="panel overview-counts">
      <ul>
        <li>
          <Link to="/fleet" className="overview-count">
            <span className="overview-number">{integer(total)}</span>
            <span className="overview-word">
              {t('allDevices')}
              {simulated > 0 && <span className="text-simulated">{t('simulated', { count: simulated })}</span>}
            </span>
          </Link>
        </li>
        {STATUSES.map((status) => (
          <li key={status}>
            <Link to="/fleet" search={{ q: `status:${status}` }} className="overview-count">
              <span className={`overview-number ${counts[status] > 0 && status !== 'up' ? STATUS_COLOUR[status] : ''}`}>
                {integer(counts[status])}
              </span>
              <span className="overview-word">
                <StatusShape status={status} />
                {statusText(status)}
                {status === 'up' && total > 0 && <span>{percent(counts.up / total)}</span>}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <StatusBar counts={counts} />
    </section>
  );
}
