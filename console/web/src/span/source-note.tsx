// A line below charts: how fine what they show is, and which parts of the time are missing, and why.
import { consoleNow } from '#console/web/src/live/now.ts';
import { duration } from '#console/web/src/text/format.ts';
import { dateOf, dayOf, minuteOf } from '#console/web/src/text/time.ts';
import type { Missing, Source } from './missing.ts';
import { resolutionOf } from './resolution.ts';
import { partOf, type Window, widthOf } from './spans.ts';
import { t } from './text.ts';
import { archivedBefore, useKept } from './use-kept.ts';

interface SourceNoteProps {
  window: Window;
  /** Undefined before the first answer. */
  read: { lines: ReadonlyArray<{ at: readonly number[] }>; source: Source | undefined } | undefined;
  intervalMs: number;
  missing: readonly Missing[];
}

/** More parts than one reads. */
const MAX_PARTS = 3;
const DAY_MS = 86_400_000;

export function SourceNote({ window, read, intervalMs, missing }: SourceNoteProps) {
  const archived = archivedBefore(useKept().data);
  if (read === undefined) return <p className="source-note">{t('reading')}</p>;
  const spanMs = widthOf(window);
  const { lines, source } = read;
  const parts = [
    source === undefined ? '' : t(source.resolution === 'hours' ? 'source_hours' : 'source_raw'),
    archived !== undefined && source?.resolution === 'hours' && partOf(window, consoleNow()).from < archived
      ? t('source_archive', { date: dateOf(archived) })
      : '',
    t('eachPoint', { duration: duration(resolutionOf(lines, spanMs, intervalMs)) }),
    t('band'),
    t('zoomHint'),
  ];
  return (
    <div className="source-note">
      {parts.filter((part) => part !== '').join(' ')}
      <MissingNote window={window} missing={missing} />
    </div>
  );
}

/** Nothing where nothing is missing. */
export function MissingNote({ window, missing }: Pick<SourceNoteProps, 'window' | 'missing'>) {
  if (missing.length === 0) return null;
  const spanMs = widthOf(window);
  const shown = missing.slice(-MAX_PARTS);
  return (
    <p className="source-missing" data-away={missing.some(({ reason }) => reason === 'away') || undefined}>
      {t('missingAll', { parts: [...shown.map((part) => partText(part, spanMs)), moreText(missing)].join(' ') })}
    </p>
  );
}

const moreText = (missing: readonly Missing[]): string =>
  missing.length > MAX_PARTS ? t('missingMore', { count: missing.length - MAX_PARTS }) : '';

/** As exact as the part is long. */
function partText({ from, to, reason }: Missing, spanMs: number): string {
  const moment = (at: number) => {
    if (to - from > 14 * DAY_MS) return dateOf(at);
    return spanMs > DAY_MS ? `${dayOf(at)}, ${minuteOf(at)}` : minuteOf(at);
  };
  return t('missingPart', { from: moment(from), to: moment(to), reason: t(`missing_${reason}`) });
}

/** The same parts as charts draw them. */
export const stretchesOf = (missing: readonly Missing[]) =>
  missing.map(({ from, to, reason }) => ({ from, to, text: t(`mark_${reason}`) }));
