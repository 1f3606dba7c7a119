// Everything that happened in an incident, newest first, with its true times.
import { useId, useState } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { dayOf, fullTime, secondOf, timeOrDay } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { aboutText, entryText, foundText } from './incident-words.ts';
import type { Alert, Entry } from './incidents-data.ts';
import { t } from './text.ts';

/** A screen of a phone. */
const FEW = 12;
/** Later than this a site was cut off, and one should know that nobody could know. */
const LATE_MS = 120_000;

interface TimelineProps {
  entries: readonly Entry[];
  alerts: readonly Alert[];
}

export function IncidentTimeline({ entries, alerts }: TimelineProps) {
  const id = useId();
  const [isWhole, setIsWhole] = useState(false);
  const sorted = [...entries].sort((a, b) => b.at - a.at || b.seq - a.seq);
  const shown = isWhole ? sorted : sorted.slice(0, FEW);
  const alertOf = new Map(alerts.map((alert) => [alert.id as string, alert]));
  return (
    <section className="panel p-3" aria-labelledby={id}>
      <h2 id={id} className="section-title mb-2">
        {t('timeline')}
      </h2>
      <ol className="incident-timeline">
        {shown.map((entry) => (
          <Line key={entry.seq} entry={entry} alert={alertOf.get(entry.alertId ?? '')} />
        ))}
      </ol>
      {sorted.length > FEW && (
        <Button kind="quiet" isSmall aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? t('fewer') : t('showMore', { count: sorted.length - FEW })}
        </Button>
      )}
    </section>
  );
}

function Line({ entry, alert }: { entry: Entry; alert: Alert | undefined }) {
  const { at, receivedAt, kind, by } = entry;
  const text = alert === undefined || kind === 'note' ? entry.text : foundText(entry.text, alert);
  const now = useFiveSeconds();
  const about =
    alert === undefined ? '' : [alert.deviceName, aboutText(alert)].filter((part) => part !== null).join(', ');
  return (
    <li className="incident-entry" data-kind={kind}>
      <time dateTime={new Date(at).toISOString()} title={fullTime(at)} className="text-muted">
        {dayOf(at) === dayOf(now) ? secondOf(at) : timeOrDay(at, now)}
      </time>
      <div className="min-w-0 wrap-anywhere">
        <span className="font-medium">{entryText(kind)}</span>
        {by !== null && <span className="text-muted"> {t('by', { name: by })}</span>}
        {about !== '' && <span className="text-muted">: {about}</span>}
        {text !== '' && <div className={kind === 'note' ? 'incident-note' : 'text-muted'}>{text}</div>}
        {receivedAt - at > LATE_MS && (
          <div className="text-xs text-changed">{t('heardLate', { time: timeOrDay(receivedAt, now) })}</div>
        )}
      </div>
    </li>
  );
}
