// One incident on the board: how bad, what, where, how many it takes along, since when, and who looks after it.
import { Link } from '@tanstack/react-router';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { shortDuration } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { isOpen, placeText, stateText } from './incident-words.ts';
import type { Incident } from './incidents-data.ts';
import { SeverityShape, severityText } from './severity-mark.tsx';
import { t } from './text.ts';

interface RowProps {
  incident: Incident;
  isChosen: boolean;
  onChoose: () => void;
}

export function IncidentRow({ incident, isChosen, onChoose }: RowProps) {
  const { id, title, severity } = incident;
  return (
    <li className="incident-row" data-chosen={isChosen || undefined}>
      <span className="incident-tick">
        <Checkbox label={t('choose', { title })} isLabelHidden isOn={isChosen} onChange={onChoose} />
      </span>
      <span className="incident-severity" title={severityText(severity)}>
        <SeverityShape severity={severity} isQuiet={!isOpen(incident)} />
        <span className="sr-only">{severityText(severity)}</span>
      </span>
      <div className="min-w-0">
        <Link to="/incidents/$id" params={{ id }} className="incident-link">
          {title}
        </Link>
        <div className="text-xs text-muted wrap-anywhere">
          {placeText(incident)}
          {incident.devices > 1 && <>, {t('devices', { count: incident.devices })}</>}
          {incident.alerts > 1 && <>, {t('alerts', { count: incident.alerts })}</>}
        </div>
      </div>
      <div className="incident-state">
        <IncidentTags incident={incident} />
      </div>
      <Since incident={incident} />
    </li>
  );
}

/** What is said of its life; nothing of one that is simply open. */
export function IncidentTags({ incident }: { incident: Incident }) {
  const { state, isPast, isMuted, flappingSince, snoozedUntil, assignee, acknowledgedBy } = incident;
  const now = useFiveSeconds();
  const open = isOpen(incident);
  const isSnoozed = open && snoozedUntil !== null && snoozedUntil > now;
  return (
    <>
      {state === 'acknowledged' ? (
        <Tag tone="accent" icon="check" text={t('takenBy', { name: acknowledgedBy ?? '' })} />
      ) : open ? (
        <Tag tone="changed" text={t('untaken')} />
      ) : (
        <Tag tone="up" text={isPast ? t('past') : stateText(state)} />
      )}
      {open && assignee !== null && <Tag icon="people" text={assignee.name} />}
      {isSnoozed && <Tag icon="clock" text={t('snoozedFor', { time: shortDuration(snoozedUntil - now) })} />}
      {open && flappingSince !== null && <Tag icon="refresh" text={t('flapping')} />}
      {isMuted && <Tag text={t('mutedWord')} />}
    </>
  );
}

function Since({ incident: { openedAt, resolvedAt } }: { incident: Incident }) {
  const now = useFiveSeconds();
  const title =
    resolvedAt === null ? fullTime(openedAt) : t('fromTo', { from: fullTime(openedAt), to: fullTime(resolvedAt) });
  return (
    <time className="incident-since" dateTime={new Date(openedAt).toISOString()} title={title}>
      {resolvedAt === null
        ? t('since', { time: shortDuration(now - openedAt) })
        : t('lasted', { time: shortDuration(resolvedAt - openedAt) })}
    </time>
  );
}
