// How far back charts look: a span with a key of its own, a part that was zoomed into or typed, steps beside it, and a way back out.
import { useMemo } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { dayOf, minuteOf, secondOf, timeZone, zoneOffset } from '#console/web/src/text/time.ts';
import { Button, IconButton } from '#console/web/src/ui/button.tsx';
import { Segmented } from '#console/web/src/ui/choice.tsx';
import { useKeys } from '#console/web/src/ui/use-keys.ts';
import './span.css';
import { RangeForm } from './range-form.tsx';
import { SPANS, type SpanKey, type Window } from './spans.ts';
import { t } from './text.ts';
import type { Time } from './use-time.ts';

interface TimeBarProps {
  time: Time;
  /** Spans that make no sense here, such as a quarter of an hour of hourly totals. */
  without?: readonly SpanKey[];
}

const NONE: readonly SpanKey[] = [];

export function TimeBar({ time, without = NONE }: TimeBarProps) {
  const { window, span, onSpan, onZoom, onShift } = time;
  const shown = useMemo(() => SPANS.filter(({ key }) => !without.includes(key)), [without]);
  useKeys(
    useMemo(
      () => ({
        ...Object.fromEntries(
          shown.map((one, index) => [String(index + 1), { run: () => onSpan(one), what: t(`span_${one.key}`) }]),
        ),
        ',': { run: () => onShift(-1), what: t('earlier') },
        '.': { run: () => onShift(1), what: t('later') },
        '0': { run: () => onSpan(span), what: t('zoomOut') },
      }),
      [shown, span, onSpan, onShift],
    ),
  );
  const choose = (key: SpanKey) => {
    const chosen = SPANS.find((one) => one.key === key);
    if (chosen !== undefined) onSpan(chosen);
  };
  return (
    <div className="time-bar">
      <Segmented
        label={t('spanOf')}
        options={shown.map(({ key }) => ({ value: key, label: t(`span_${key}`) }))}
        value={window.kind === 'span' ? span.key : undefined}
        onChoose={choose}
      />
      <span className="inline-flex">
        <IconButton icon="chevron-left" label={t('earlier')} onClick={() => onShift(-1)} />
        <IconButton
          icon="chevron-right"
          label={t('later')}
          disabled={window.kind === 'span'}
          onClick={() => onShift(1)}
        />
      </span>
      <RangeForm window={window} onRange={onZoom} />
      {window.kind === 'still' && <Still window={window} onOut={() => onSpan(span)} />}
      <span className="ml-auto text-xs text-muted max-md:hidden">
        {timeZone} ({zoneOffset})
      </span>
    </div>
  );
}

function Still({ window, onOut }: { window: Extract<Window, { kind: 'still' }>; onOut: () => void }) {
  return (
    <>
      <span className="text-xs">
        <Period from={window.from} to={window.to} />
      </span>
      <Button isSmall icon="clock" onClick={onOut}>
        {t('zoomOut')}
      </Button>
    </>
  );
}

function Period({ from, to }: { from: number; to: number }) {
  const now = useFiveSeconds();
  const isShort = to - from < 3_600_000;
  const clock = isShort ? secondOf : minuteOf;
  const isToday = dayOf(from) === dayOf(now) && now - from < 86_400_000;
  const isOneDay = dayOf(from) === dayOf(to);
  const start = isToday ? clock(from) : `${dayOf(from)}, ${clock(from)}`;
  return `${start} – ${isOneDay ? clock(to) : `${dayOf(to)}, ${clock(to)}`}`;
}
