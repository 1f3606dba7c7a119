// What waits for somebody on a page, as a number beside its entry in the navigation.
import { Badge } from '#console/web/src/ui/tag.tsx';
import { useUntakenCount } from './incident-count.ts';
import { t } from './text.ts';
import { useWaitingCount } from './waiting-orders.ts';

interface Waiting {
  count: number;
  /** What is counted, in words; empty when nothing waits. */
  label: string;
  tone: 'accent' | 'down';
}

export function usePageWaiting(path: string): Waiting {
  const orders = useWaitingCount();
  const incidents = useUntakenCount();
  const count = path === '/approvals' ? orders : path === '/incidents' ? incidents : 0;
  if (count === 0) return { count, label: '', tone: 'accent' };
  return path === '/approvals'
    ? { count, label: t('waiting', { count }), tone: 'accent' }
    : { count, label: t('untaken', { count }), tone: 'down' };
}

export function PageBadge({ path }: { path: string }) {
  const { count, label, tone } = usePageWaiting(path);
  return count > 0 && <Badge count={count} label={label} tone={tone} />;
}
