// One site: its relays, its devices, what is known of the place, what new devices begin with, and how it goes.
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { isMissing } from '#console/web/src/api/fault.ts';
import { Allowed } from '#console/web/src/rights/allowed.tsx';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { FrozenMark } from '#console/web/src/trust/frozen-mark.tsx';
import { SiteBrake } from '#console/web/src/trust/site-brake.tsx';
import { SiteVariables } from '#console/web/src/trust/site-variables.tsx';
import { Button } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { SimulatedMark } from '#console/web/src/ui/status-mark.tsx';
import { PageHead } from './page-head.tsx';
import { SiteCharter } from './site-charter.tsx';
import { SiteDefaultsPart } from './site-defaults-part.tsx';
import { SiteDevices } from './site-devices.tsx';
import { SiteDialog } from './site-dialog.tsx';
import { SitePlace } from './site-place.tsx';
import { SiteRelays } from './site-relays.tsx';
import { type SiteRow, useSite } from './sites-data.ts';
import { t } from './text.ts';

/** Few sites are ever removed. */
const RemovalDialog = lazy(async () => ({ default: (await import('./removal-dialog.tsx')).RemovalDialog }));

/** It brings the code of signed texts along, which nobody needs to see how a site is. */
const SiteStanding = lazy(async () => ({
  default: (await import('#console/web/src/standing/standing-part.tsx')).SiteStanding,
}));

/** How well its devices are. */
const HealthSumPart = lazy(async () => ({
  default: (await import('#console/web/src/health/sum-part.tsx')).HealthSumPart,
}));

/** It brings the code of charts along. */
const LoadPanel = lazy(async () => ({
  default: (await import('#console/web/src/metrics/load-panel.tsx')).LoadPanel,
}));

const route = getRouteApi('/shell/sites/$id');

export function SitePage() {
  const { id } = route.useParams();
  const read = useSite(id);
  usePageTitle(read.data?.name ?? t('site'));
  if (isMissing(read.error))
    return (
      <EmptyState title={t('noSite')} body={t('noSiteBody')}>
        <Link to="/sites">{t('toSites')}</Link>
      </EmptyState>
    );
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('siteNotRead')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined)
    return (
      <div role="status" aria-label={t('siteReading')}>
        <SkeletonBlock className="mb-4 h-14" />
        <SkeletonBlock className="h-72" />
      </div>
    );
  return <Site key={id} site={read.data} />;
}

function Site({ site }: { site: SiteRow }) {
  const [open, setOpen] = useState<'edit' | 'remove'>();
  const search = route.useSearch();
  return (
    <>
      <PageHead
        title={
          <>
            {site.name}
            {site.isSimulated && <SimulatedMark />}
            <FrozenMark at={site.frozenAt} />
          </>
        }
        note={
          <Link to="/sites" search={{ customer: site.customerId }} className="quiet-link">
            {site.customerName}
          </Link>
        }
      >
        <Button icon="edit" needs="site.write" onClick={() => setOpen('edit')}>
          {t('edit')}
        </Button>
      </PageHead>
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid gap-3">
          <SiteDevices site={site} />
          <Allowed needs="relay.read">
            <SiteRelays site={site} />
          </Allowed>
          <SiteDefaultsPart site={site} />
          <Suspense fallback={<SkeletonBlock className="h-[26rem]" />}>
            <HealthSumPart siteId={site.id} />
          </Suspense>
        </div>
        <div className="grid gap-3">
          <SitePlace site={site} />
          <Allowed needs="charter.read">
            <SiteCharter siteId={site.id} />
            <SiteBrake site={site} />
          </Allowed>
          <Allowed needs="site.remove">
            <DangerZone onRemove={() => setOpen('remove')} />
          </Allowed>
        </div>
        <div className="grid gap-3 lg:col-span-2">
          <Allowed needs="metric.read">
            <Suspense fallback={<SkeletonBlock className="h-96" />}>
              <LoadPanel over={`site:${site.id}`} search={search} />
            </Suspense>
          </Allowed>
          <Allowed needs="variable.read">
            <SiteVariables site={site} />
          </Allowed>
          <Allowed needs="standing.read">
            <Suspense fallback={<SkeletonBlock className="h-24" />}>
              <SiteStanding siteId={site.id} />
            </Suspense>
          </Allowed>
        </div>
      </div>
      {open === 'edit' && <SiteDialog site={site} onClose={() => setOpen(undefined)} />}
      {open === 'remove' && (
        <Suspense fallback={null}>
          <Remove site={site} onClose={() => setOpen(undefined)} />
        </Suspense>
      )}
    </>
  );
}

function DangerZone({ onRemove }: { onRemove: () => void }) {
  return (
    <section className="panel grid justify-items-start gap-2 p-3">
      <h2 className="section-title mb-0">{t('danger')}</h2>
      <p className="m-0 text-muted">{t('dangerSite')}</p>
      <Button icon="trash" onClick={onRemove}>
        {t('removeSite')}
      </Button>
    </section>
  );
}

function Remove({ site, onClose }: { site: SiteRow; onClose: () => void }) {
  const navigate = useNavigate();
  const { id, name } = site;
  return (
    <RemovalDialog
      kind="site"
      id={id}
      name={name}
      read={(signal) => api.sites.removal({ id }, { signal })}
      remove={(devices) => api.sites.remove({ id, devices })}
      onClose={onClose}
      // The choice of this site goes with it.
      onRemoved={() => navigate({ to: '/sites', search: { customer: undefined, site: undefined }, replace: true })}
    />
  );
}
