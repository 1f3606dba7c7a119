// One incident: what is wrong, because of what, what to do, who was told, and everything that happened in it.
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { isMissing } from '#console/web/src/api/fault.ts';
import { Allowed } from '#console/web/src/rights/allowed.tsx';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { AlertTree } from './alert-tree.tsx';
import { IncidentHead } from './incident-head.tsx';
import { IncidentTimeline } from './incident-timeline.tsx';
import { type IncidentDetail, useIncident } from './incidents-data.ts';
import { t } from './text.ts';
import './incidents.css';

/** They bring the code of charts and of what happens to devices along. */
const SeriesPart = lazy(async () => ({ default: (await import('./series-part.tsx')).SeriesPart }));
const BeforePart = lazy(async () => ({ default: (await import('./before-part.tsx')).BeforePart }));
const ToldPart = lazy(async () => ({
  default: (await import('#console/web/src/notify/told-part.tsx')).ToldPart,
}));

const route = getRouteApi('/shell/incidents/$id');

export function IncidentPage() {
  const { id } = route.useParams();
  const read = useIncident(id);
  usePageTitle(read.data?.title ?? t('incident'));
  if (isMissing(read.error))
    return (
      <EmptyState title={t('noIncident')} body={t('noIncidentBody')}>
        <Link to="/incidents">{t('toBoard')}</Link>
      </EmptyState>
    );
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('incidentNotRead')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined)
    return (
      <div role="status" aria-label={t('incidentReading')}>
        <SkeletonBlock className="mb-4 h-24" />
        <SkeletonBlock className="h-72" />
      </div>
    );
  return <Incident key={id} incident={read.data} />;
}

function Incident({ incident }: { incident: IncidentDetail }) {
  return (
    <>
      <IncidentHead incident={incident} />
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="grid min-w-0 gap-3">
          <AlertTree incident={incident} />
          {incident.series.length > 0 && (
            <Allowed needs="metric.read">
              <Suspense fallback={<SkeletonBlock className="h-56" />}>
                <SeriesPart series={incident.series} alerts={incident.children} />
              </Suspense>
            </Allowed>
          )}
        </div>
        <div className="grid min-w-0 gap-3">
          {incident.advice !== '' && (
            <section className="panel p-3">
              <h2 className="section-title mb-1">{t('advice')}</h2>
              <p className="m-0 whitespace-pre-line wrap-anywhere">{incident.advice}</p>
            </section>
          )}
          <IncidentTimeline entries={incident.timeline} alerts={incident.children} />
          <Allowed needs="notification.read">
            <Suspense fallback={<SkeletonBlock className="h-24" />}>
              <ToldPart incidentId={incident.id} toldAt={incident.toldAt} />
            </Suspense>
          </Allowed>
          {incident.before.length > 0 && (
            <Suspense fallback={<SkeletonBlock className="h-24" />}>
              <BeforePart items={incident.before} deviceId={incident.deviceId} />
            </Suspense>
          )}
        </div>
      </div>
    </>
  );
}
