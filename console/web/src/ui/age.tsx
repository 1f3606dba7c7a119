// How old the last poll is, and a mark when that is older than it should be.
import { shortDuration, UNKNOWN } from '#console/web/src/text/format.ts';
import { ageLook, neverText, staleText, takenAt, titleOf } from './age-look.ts';

export function Age({ at, now, intervalMs }: { at: number | null; now: number; intervalMs: number }) {
  if (at === null || !Number.isFinite(at)) return <span className="text-muted">{neverText()}</span>;
  const { text, isStale, tone } = ageLook(at, now, intervalMs);
  return (
    <time dateTime={takenAt(at)} title={titleOf({ at, intervalMs })} className={tone}>
      {isStale && <StaleShape />}
      <span aria-hidden={isStale}>{text}</span>
      {isStale && <span className="sr-only">{staleText(text)}</span>}
    </time>
  );
}

/** Something else than a poll that is older than it should be: says so in its own words. */
export function StalenessMark({ text }: { text: string }) {
  return (
    <span className="whitespace-nowrap text-changed">
      <StaleShape />
      {text}
    </span>
  );
}

/** A clock: the sign of what is old. */
export function StaleShape() {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" className="mr-1 inline size-3 align-[-1px]">
      <circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M6 3.2V6l2 1.4" fill="none" stroke="currentColor" strokeWidth="1.3" strokeLinecap="round" />
    </svg>
  );
}

export const uptimeText = (ms: number): string => (Number.isFinite(ms) ? shortDuration(ms) : UNKNOWN);
