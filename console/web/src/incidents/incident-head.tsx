// The head of an incident: what it is, where, since when, and what one can do about it.
import { Link } from '@tanstack/react-router';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { duration } from '#console/web/src/text/format.ts';
import { fullTime, timeOrDay } from '#console/web/src/text/time.ts';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { IncidentActs } from './incident-acts.tsx';
import { IncidentTags } from './incident-row.tsx';
import { causeText, isOpen } from './incident-words.ts';
import type { IncidentDetail } from './incidents-data.ts';
import { PlaceLinks } from './place-links.tsx';
import { SeverityMark } from './severity-mark.tsx';
import { t } from './text.ts';

export function IncidentHead({ incident }: { incident: IncidentDetail }) {
  const { title, severity } = incident;
  return (
    <header className="mb-3">
      <p className="m-0 mb-1">
        <Link to="/incidents" className="quiet-link">
          {t('title')}
        </Link>
      </p>
      <h1 className="m-0 text-xl font-semibold wrap-anywhere">{title}</h1>
      <div className="mt-1.5 flex flex-wrap items-center gap-2">
        <SeverityMark severity={severity} isQuiet={!isOpen(incident)} />
        <IncidentTags incident={incident} />
      </div>
      <div className="mt-3">
        <KeyValues>
          <KeyValue name={t('where')}>
            <PlaceLinks place={incident} />
          </KeyValue>
          <KeyValue name={t('fault')}>{causeText(incident.cause)}</KeyValue>
          <Times incident={incident} />
          <KeyValue name={t('assignee')}>{incident.assignee?.name ?? t('nobody')}</KeyValue>
          {incident.acknowledgedAt !== null && (
            <KeyValue name={t('acknowledged')}>
              {incident.acknowledgedBy} <Moment at={incident.acknowledgedAt} />
            </KeyValue>
          )}
          {incident.toldAt !== null && (
            <KeyValue name={t('toldByRelay')}>
              <Moment at={incident.toldAt} />
            </KeyValue>
          )}
        </KeyValues>
      </div>
      <IncidentActs incident={incident} />
    </header>
  );
}

/** Heard of later than this, a site was cut off. */
const LATE_MS = 120_000;

function Times({ incident: { openedAt, receivedAt, resolvedAt, resolvedBy } }: { incident: IncidentDetail }) {
  const now = useFiveSeconds();
  return (
    <>
      <KeyValue name={t('began')}>
        <Moment at={openedAt} />{' '}
        {resolvedAt === null && <span className="text-muted">{t('since', { time: duration(now - openedAt) })}</span>}
      </KeyValue>
      {receivedAt - openedAt > LATE_MS && (
        <KeyValue name={t('heard')}>
          <Moment at={receivedAt} />
        </KeyValue>
      )}
      {resolvedAt !== null && (
        <KeyValue name={t('ended')}>
          <Moment at={resolvedAt} />{' '}
          <span className="text-muted">
            {t('lasted', { time: duration(resolvedAt - openedAt) })}
            {resolvedBy !== null && `, ${t('by', { name: resolvedBy })}`}
          </span>
        </KeyValue>
      )}
    </>
  );
}

export function Moment({ at }: { at: number }) {
  const now = useFiveSeconds();
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {timeOrDay(at, now)}
    </time>
  );
}
