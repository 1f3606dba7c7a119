// A share of a whole as a thin bar beside its number; the number carries the meaning, the bar only helps the eye.
import { percent } from '#console/web/src/text/format.ts';

/** From here on a disk, a memory or a processor is worth a look; checks with real limits are somebody else's work. */
const HIGH = 0.9;
export const isHigh = (ratio: number): boolean => ratio >= HIGH;

/** What it is filled by is drawn, not laid out: a share that changes moves nothing. */
export function Bar({ ratio }: { ratio: number }) {
  const width = Number.isFinite(ratio) ? Math.min(100, Math.max(0, ratio * 100)) : 0;
  return (
    <span
      aria-hidden="true"
      className={isHigh(ratio) ? 'meter-bar meter-bar-high' : 'meter-bar'}
      style={{ backgroundSize: `${width}% 100%` }}
    />
  );
}

export function Meter({ ratio, isDim = false }: { ratio: number; isDim?: boolean }) {
  const tone = isDim ? 'text-muted' : isHigh(ratio) ? 'font-semibold text-changed' : '';
  return (
    <span className="flex items-center justify-end gap-2">
      <span className={`hidden w-8 min-[87.5rem]:block ${isDim ? 'opacity-50' : ''}`}>
        <Bar ratio={ratio} />
      </span>
      <span className={`w-9 text-right ${tone}`}>{percent(ratio)}</span>
    </span>
  );
}
