// One alert: what was seen, against which limit, for how long, and which incident it is a part of.
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { isMissing } from '#console/web/src/api/fault.ts';
import { Allowed } from '#console/web/src/rights/allowed.tsx';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { AlertFacts } from './alert-facts.tsx';
import { IncidentTimeline } from './incident-timeline.tsx';
import { aboutText, isOpen, stateText } from './incident-words.ts';
import { type Alert, useAct, useAlert, useIncident } from './incidents-data.ts';
import { NoteDialog } from './note-dialog.tsx';
import { SeverityMark } from './severity-mark.tsx';
import { t } from './text.ts';
import './incidents.css';

/** It brings the code of charts along. */
const SeriesPart = lazy(async () => ({ default: (await import('./series-part.tsx')).SeriesPart }));

const route = getRouteApi('/shell/alerts/$id');

export function AlertPage() {
  const { id } = route.useParams();
  const read = useAlert(id);
  usePageTitle(read.data === undefined ? t('alert') : aboutText(read.data));
  if (isMissing(read.error))
    return (
      <EmptyState title={t('noAlert')} body={t('noIncidentBody')}>
        <Link to="/incidents">{t('toBoard')}</Link>
      </EmptyState>
    );
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('incidentNotRead')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined)
    return (
      <div role="status" aria-label={t('incidentReading')}>
        <SkeletonBlock className="h-72" />
      </div>
    );
  return <AlertView key={id} alert={read.data} />;
}

function AlertView({ alert }: { alert: Alert }) {
  const { incidentId, severity, state, isMuted } = alert;
  return (
    <>
      <p className="m-0 mb-1">
        <Link to="/incidents/$id" params={{ id: incidentId }} className="quiet-link">
          {t('itsIncident')}
        </Link>
      </p>
      <h1 className="m-0 text-xl font-semibold wrap-anywhere">{aboutText(alert)}</h1>
      <div className="mt-1.5 flex flex-wrap items-center gap-2">
        <SeverityMark severity={severity} isQuiet={!isOpen(alert)} />
        <Tag text={stateText(state)} />
        {isMuted && <Tag text={t('mutedWord')} />}
      </div>
      <AlertFacts alert={alert} />
      <AlertActs alert={alert} />
      <OfIncident alert={alert} />
    </>
  );
}

function AlertActs({ alert }: { alert: Alert }) {
  const { id, state, incidentId } = alert;
  const acting = useAct();
  const [isNoting, setIsNoting] = useState(false);
  const run = (act: 'acknowledge' | 'resolve' | 'reopen') =>
    acting.mutate({ act: { act }, subjects: { alerts: [id] } });
  return (
    <div className="incident-buttons">
      {isOpen(alert) && state !== 'acknowledged' && (
        <Button
          kind="primary"
          icon="check"
          needs="alert.write"
          isBusy={acting.isPending}
          onClick={() => run('acknowledge')}
        >
          {t('acknowledge')}
        </Button>
      )}
      <Button needs="alert.write" disabled={acting.isPending} onClick={() => run(isOpen(alert) ? 'resolve' : 'reopen')}>
        {t(isOpen(alert) ? 'resolve' : 'reopen')}
      </Button>
      <Button icon="edit" needs="alert.write" onClick={() => setIsNoting(true)}>
        {t('writeNote')}
      </Button>
      <LinkButton to="/incidents/$id" params={{ id: incidentId }}>
        {t('itsIncident')}
      </LinkButton>
      {isNoting && <NoteDialog subjects={{ alerts: [id] }} onClose={() => setIsNoting(false)} />}
    </div>
  );
}

/** Its readings and what happened to it stand with its incident. */
function OfIncident({ alert }: { alert: Alert }) {
  const { data } = useIncident(alert.incidentId);
  if (data === undefined) return null;
  const series = data.series.filter(({ alertId }) => alertId === alert.id);
  const entries = data.timeline.filter(({ alertId }) => alertId === null || alertId === alert.id);
  return (
    <div className="mt-3 grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
      {series.length > 0 && (
        <Allowed needs="metric.read">
          <Suspense fallback={<SkeletonBlock className="h-56" />}>
            <SeriesPart series={series} alerts={[alert]} />
          </Suspense>
        </Allowed>
      )}
      <IncidentTimeline entries={entries} alerts={[alert]} />
    </div>
  );
}
