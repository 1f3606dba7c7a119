// How old the last poll is, and a mark when that is older than it should be.
import { shortDuration, UNKNOWN } from '#console/web/src/text/format.ts';
import { ageLook, neverText, staleText, takenAt, titleOf } from './age-look.ts';
import { StaleShape } from './stale-shape.tsx';

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

export const uptimeText = (ms: number): string => (Number.isFinite(ms) ? shortDuration(ms) : UNKNOWN);
