// How well one device is: its score, what it lost points for, each point with what it rests on, and how it was.
import { useState } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { agoText, fullTime } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { type DeviceHealth, type HealthPart, useDeviceHealth, useDeviceHealthHistory } from './health-data.ts';
import { lossesOf, partText, pointText } from './health-words.ts';
import { HistoryStrip } from './history-strip.tsx';
import { PartBars } from './part-bars.tsx';
import { ScoreMark } from './score-mark.tsx';
import { t } from './text.ts';
import './health.css';

/** What one mends first. */
const FEW = 3;

export function DeviceHealthPart({ id }: { id: string }) {
  const read = useDeviceHealth(id);
  const history = useDeviceHealthHistory(id);
  return (
    <section className="panel grid content-start gap-3 p-3" aria-label={t('health')}>
      <h2 className="section-title mb-0">{t('health')}</h2>
      {read.data === undefined && read.isError && <p className="m-0 text-muted">{t('notRead')}</p>}
      {read.data === undefined && !read.isError && <SkeletonBlock className="h-40" />}
      {read.data !== undefined && <Whole health={read.data} />}
      {history.data !== undefined && <HistoryStrip moments={history.data} />}
    </section>
  );
}

function Whole({ health }: { health: DeviceHealth }) {
  const [isWhole, setIsWhole] = useState(false);
  const losses = lossesOf(health);
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-3">
        <ScoreMark score={health.score} bucket={health.bucket} isLarge />
        <span className="text-xs text-muted">{t('confidence', { points: health.confidence })}</span>
      </div>
      <PartBars parts={health} />
      {losses.length > 0 && !isWhole && (
        <ul className="health-points" aria-label={t('losses')}>
          {losses.slice(0, FEW).map(({ part, point }) => (
            <li key={`${part} ${point.id}`}>
              <Point point={point} />
            </li>
          ))}
        </ul>
      )}
      {isWhole && health.parts.map((part) => <Part key={part.part} part={part} />)}
      <div>
        <Button kind="quiet" isSmall aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {t(isWhole ? 'fewer' : 'allPoints')}
        </Button>
      </div>
    </>
  );
}

function Part({ part: { part, got, points } }: { part: HealthPart }) {
  return (
    <section aria-label={partText(part)}>
      <h3 className="section-title mb-1">
        {partText(part)} <span className="font-normal text-muted">{t('ofPoints', { got, of: 25 })}</span>
      </h3>
      <ul className="health-points">
        {points.map((point) => (
          <li key={point.id}>
            <Point point={point} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Point({ point: { id, of, got, isKnown, text, source, at } }: { point: HealthPart['points'][number] }) {
  const now = useFiveSeconds();
  const tone = !isKnown ? 'text-muted' : got === of ? 'text-up' : 'text-changed';
  return (
    <div className="health-point">
      <span className={`text-right font-medium ${tone}`}>{t('ofPoints', { got, of })}</span>
      <div className="min-w-0 wrap-anywhere">
        <span className="font-medium">{pointText(id)}</span> <span className="text-muted">{text}</span>
        <div className="text-xs text-muted">
          {isKnown ? t('source', { source }) : t('unknownSource', { source })}
          {at !== null && (
            <>
              , <time title={fullTime(at)}>{agoText(at, now)}</time>
            </>
          )}
        </div>
      </div>
    </div>
  );
}
