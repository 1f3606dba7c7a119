// The one polite word of the page: how many devices fit, or how many are selected, once things have settled.
import { useEffect, useRef, useState } from 'react';
import { useSelection } from './fleet.ts';
import { t } from './text.ts';

/** Typing on takes back what would have been said; live changes of a filter are not told one by one. */
const SETTLE_MS = 800;

export function Announcement({ asked, part, total }: { asked: string; part: number; total: number }) {
  const count = useSelection().ids.size;
  const fitting = part === total ? t('announceAll', { count: total }) : t('announceFitting', { part, count: total });
  const [said, setSaid] = useState('');
  const latest = useRef(fitting);
  latest.current = fitting;
  const former = useRef({ asked, count });
  useEffect(() => {
    if (former.current.asked === asked && former.current.count === count) return;
    const isSelecting = former.current.count !== count;
    const timer = setTimeout(() => {
      former.current = { asked, count };
      setSaid(isSelecting ? t('announceSelected', { count }) : latest.current);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [asked, count]);
  return (
    <p aria-live="polite" className="sr-only">
      {said}
    </p>
  );
}
