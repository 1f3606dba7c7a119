// Whether a relay is linked: a shape, a colour and a word.
import { shortDuration } from '#console/web/src/text/format.ts';
import { t } from './text.ts';

interface LinkStateProps {
  isFenced: boolean;
  isConnected: boolean;
  lastSeenAt: number | null;
  now: number;
}

/** Two rings that touch, or two that do not. */
export function LinkShape({ isConnected }: { isConnected: boolean }) {
  return (
    <svg viewBox="0 0 16 12" aria-hidden="true" className={`h-3 w-4 shrink-0 ${isConnected ? 'text-up' : 'text-down'}`}>
      <g fill="none" stroke="currentColor" strokeWidth="1.6">
        <circle cx="3.5" cy="6" r="2.7" />
        <circle cx="12.5" cy="6" r="2.7" />
        {isConnected ? <path d="M6.2 6h3.6" /> : <path d="m6.6 9.8 2.8-7.6" />}
      </g>
    </svg>
  );
}

export function LinkState({ isConnected, isFenced, lastSeenAt, now }: LinkStateProps) {
  if (isFenced)
    return (
      <span className="inline-flex items-center gap-1.5 font-medium text-down" title={t('fencedTitle')}>
        <LinkShape isConnected={false} />
        {t('fenced')}
      </span>
    );
  const away = lastSeenAt === null ? t('neverSeen') : t('awayFor', { time: shortDuration(now - lastSeenAt) });
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <LinkShape isConnected={isConnected} />
      <span className={isConnected ? 'text-muted' : 'font-medium text-down'}>{isConnected ? t('linked') : away}</span>
    </span>
  );
}
