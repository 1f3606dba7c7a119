// Whether what one sees is live, by shape and word.
import { type LinkState, useLink } from '#console/web/src/live/feed.ts';
import { t } from './text.ts';

const LINK = {
  live: { text: 'linkLive', tone: 'text-up', hint: 'linkLiveHint' },
  connecting: { text: 'linkConnecting', tone: 'text-muted', hint: 'linkConnectingHint' },
  paused: { text: 'linkPaused', tone: 'text-muted', hint: 'linkPausedHint' },
  lost: { text: 'linkLost', tone: 'text-down', hint: 'linkLostHint' },
} as const satisfies Readonly<Record<LinkState, unknown>>;

export function LinkMark() {
  const link = useLink();
  const { text, tone, hint } = LINK[link];
  return (
    <span
      role="status"
      title={t(hint)}
      // As wide as its longest usual word, so that nothing moves when the feed stands.
      className={`inline-flex items-center gap-1.5 text-xs whitespace-nowrap sm:min-w-24 ${tone}`}
    >
      <svg viewBox="0 0 12 12" aria-hidden="true" className="size-2.5">
        {link === 'live' ? (
          <circle cx="6" cy="6" r="4.5" fill="currentColor" />
        ) : (
          <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" />
        )}
      </svg>
      {t(text)}
    </span>
  );
}
