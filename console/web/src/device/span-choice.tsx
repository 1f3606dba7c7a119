// The choice of how far back the charts look; each span has a key of its own.
import { useMemo } from 'react';
import { timeZone, zoneOffset } from '#console/web/src/text/time.ts';
import { useKeys } from '#console/web/src/ui/use-keys.ts';
import { SPANS, type Span } from './span.ts';

export function SpanChoice({ span, onChoose }: { span: Span; onChoose: (span: Span) => void }) {
  useKeys(
    useMemo(() => Object.fromEntries(SPANS.map((one, index) => [String(index + 1), () => onChoose(one)])), [onChoose]),
  );
  return (
    <div className="mt-5 mb-2 flex flex-wrap items-center gap-3">
      <h2 className="section-title">Last {span.words}</h2>
      <fieldset className="segments">
        <legend className="sr-only">Span of the charts</legend>
        {SPANS.map((one) => (
          <label key={one.key}>
            <input type="radio" name="span" value={one.key} checked={one === span} onChange={() => onChoose(one)} />
            {one.label}
          </label>
        ))}
      </fieldset>
      <span className="text-xs text-muted sm:hidden">
        {timeZone} ({zoneOffset})
      </span>
    </div>
  );
}
