// The one polite word of the page: how many devices fit, once one has stopped typing.
import { useEffect, useRef, useState } from 'react';
import { t } from './text.ts';

/** Typing on takes back what would have been said; live changes of a filter are not told one by one. */
const SETTLE_MS = 800;

export function Announcement({ asked, part, total }: { asked: string; part: number; total: number }) {
  const fitting = part === total ? t('announceAll', { count: total }) : t('announceFitting', { part, count: total });
  const [said, setSaid] = useState('');
  const latest = useRef(fitting);
  latest.current = fitting;
  const former = useRef(asked);
  useEffect(() => {
    if (former.current === asked) return;
    const timer = setTimeout(() => {
      former.current = asked;
      setSaid(latest.current);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  return (
    <p aria-live="polite" className="sr-only">
      {said}
    </p>
  );
}
