// The four parts of a score, each out of twenty-five: together they are the score.
import { HEALTH_PARTS, PART_POINTS } from '#shared/model/health-words.ts';
import type { HealthMoment } from './health-data.ts';
import { partText } from './health-words.ts';
import { t } from './text.ts';

type Parts = Pick<HealthMoment, (typeof HEALTH_PARTS)[number]>;

export function PartBars({ parts }: { parts: Parts }) {
  return (
    <dl className="health-parts">
      {HEALTH_PARTS.map((part) => (
        <div key={part} className="min-w-0">
          <dt className="text-xs text-muted">{partText(part)}</dt>
          <dd className="m-0">
            {t('ofPoints', { got: parts[part], of: PART_POINTS })}
            <span
              className="health-bar"
              aria-hidden="true"
              style={{ backgroundSize: `${(parts[part] / PART_POINTS) * 100}% 100%` }}
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}
