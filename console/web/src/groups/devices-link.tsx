// A number of devices as the way to them.
import { Link } from '@tanstack/react-router';
import { integer } from '#console/web/src/text/format.ts';
import { t } from './text.ts';

export function DevicesLink({ count, q }: { count: number; q: string }) {
  return (
    <Link to="/fleet" search={{ q }} className="count-link" aria-label={t('devices', { count })}>
      {integer(count)}
    </Link>
  );
}
