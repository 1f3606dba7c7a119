// How far back the charts look: a span with a key of its own, or the part that was zoomed into, with a way back out.
import { useMemo } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { dayOf, minuteOf, secondOf, timeZone, zoneOffset } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Segmented } from '#console/web/src/ui/choice.tsx';
import { useKeys } from '#console/web/src/ui/use-keys.ts';
import type { Window } from './device-data.ts';
import { SPANS, type Span } from './span.ts';
import { t } from './text.ts';

interface TimeBarProps {
  window: Window;
  /** The usual span, for the way back out. */
  span: Span;
  onSpan: (span: Span) => void;
}

export function TimeBar({ window, span, onSpan }: TimeBarProps) {
  useKeys(
    useMemo(
      () =>
        Object.fromEntries(
          SPANS.map((one, index) => [String(index + 1), { run: () => onSpan(one), what: t(`span_${one.key}`) }]),
        ),
      [onSpan],
    ),
  );
  const choose = (key: Span['key']) => {
    const chosen = SPANS.find((one) => one.key === key);
    if (chosen !== undefined) onSpan(chosen);
  };
  return (
    <div className="device-time">
      <Segmented
        label={t('spanOf')}
        options={SPANS.map(({ key }) => ({ value: key, label: t(`span_${key}`) }))}
        value={window.kind === 'span' ? span.key : undefined}
        onChoose={choose}
      />
      {window.kind === 'still' && (
        <>
          <span className="text-xs">
            <Period from={window.from} to={window.to} />
          </span>
          <Button isSmall icon="minus" onClick={() => onSpan(span)}>
            {t('zoomOut')}
          </Button>
        </>
      )}
      <span className="ml-auto text-xs text-muted max-md:hidden">
        {timeZone} ({zoneOffset})
      </span>
    </div>
  );
}

function Period({ from, to }: { from: number; to: number }) {
  const now = useFiveSeconds();
  const isShort = to - from < 3_600_000;
  const clock = isShort ? secondOf : minuteOf;
  const isToday = dayOf(from) === dayOf(now);
  const isOneDay = dayOf(from) === dayOf(to);
  const start = isToday ? clock(from) : `${dayOf(from)}, ${clock(from)}`;
  return `${start} – ${isOneDay ? clock(to) : `${dayOf(to)}, ${clock(to)}`}`;
}
