// The estate at a glance: what is wrong, where, since when, and whether all that is polled arrives.
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import './overview.css';
import { Allowed } from '#console/web/src/rights/allowed.tsx';
import { useEstateScope } from '#console/web/src/shell/estate-scope.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { CertificateNotes } from './certificate-notes.tsx';
import { FirstSteps, stepsOf } from './first-steps.tsx';
import { IngestPanel } from './ingest-panel.tsx';
import { type OverviewData, useOverview } from './overview-data.ts';
import { OverviewWait } from './overview-wait.tsx';
import { RecentPanel } from './recent-panel.tsx';
import { countsOf, totalOf } from './site-state.ts';
import { SitesPanel } from './sites-panel.tsx';
import { StatusCounts } from './status-counts.tsx';
import { t } from './text.ts';
import { WorstPanel } from './worst-panel.tsx';

/** How well all devices are. */
const HealthSumPart = lazy(async () => ({
  default: (await import('#console/web/src/health/sum-part.tsx')).HealthSumPart,
}));

/** It brings the code of charts along. */
const LoadPanel = lazy(async () => ({
  default: (await import('#console/web/src/metrics/load-panel.tsx')).LoadPanel,
}));

const route = getRouteApi('/shell/');

export function OverviewPage() {
  usePageTitle(t('title'));
  const read = useOverview();
  return (
    <>
      <h1 className="m-0 mb-3 text-xl font-semibold">{t('title')}</h1>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data === undefined && read.isPending && <OverviewWait />}
      {read.data !== undefined && <Loaded overview={read.data} />}
    </>
  );
}

function Loaded({ overview }: { overview: OverviewData }) {
  const steps = stepsOf(overview);
  const isNew = totalOf(overview.devices) === 0;
  return (
    <>
      {isNew && <FirstSteps steps={steps} />}
      {/* Before the first site there is nothing that could be well or not. */}
      {overview.sites.length > 0 && <Estate overview={overview} />}
    </>
  );
}

function Estate({ overview }: { overview: OverviewData }) {
  const seen = useScoped(overview);
  return (
    <>
      <StatusCounts counts={seen.counts} simulated={seen.isWhole ? overview.simulated : 0} />
      <div className="overview">
        <WorstPanel devices={seen.worst} />
        <RecentPanel items={seen.recent} more={seen.isWhole ? overview.recentMore : 0} />
        <div className="overview-side">
          <SitesPanel sites={seen.sites} />
          <Health />
        </div>
        <div className="overview-side">
          <IngestPanel ingest={overview.ingest} />
          <Allowed needs="relay.read">
            <CertificateNotes includesSite={seen.includesSite} />
          </Allowed>
        </div>
      </div>
      <Load />
    </>
  );
}

/** Of the chosen site, else of the fleet: a customer has no score of its own. */
function Health() {
  const { customer, site } = useEstateScope();
  if (customer !== undefined && site === undefined) return null;
  return (
    <Suspense fallback={<SkeletonBlock className="h-[26rem]" />}>
      <HealthSumPart siteId={site?.id} />
    </Suspense>
  );
}

/** Of the chosen customer or site, else of everything. */
function Load() {
  const { customer, site } = useEstateScope();
  const over = site !== undefined ? `site:${site.id}` : customer !== undefined ? `customer:${customer.id}` : 'fleet';
  return (
    <Allowed needs="metric.read">
      <div className="mt-3">
        <Suspense fallback={<SkeletonBlock className="h-96" />}>
          <LoadPanel over={over} search={route.useSearch()} />
        </Suspense>
      </div>
    </Allowed>
  );
}

/** What lies within the chosen customer or site. Devices here name their site only. */
function useScoped(overview: OverviewData) {
  const { includesSite, customer } = useEstateScope();
  return useMemo(() => {
    const isWhole = customer === undefined;
    if (isWhole)
      return {
        isWhole,
        includesSite,
        sites: overview.sites,
        worst: overview.worst,
        recent: overview.recent,
        counts: countsOf([overview.devices]),
      };
    const sites = overview.sites.filter((site) => includesSite(site.id));
    const names = new Set(sites.map((site) => site.name));
    return {
      isWhole,
      includesSite,
      sites,
      worst: overview.worst.filter((device) => names.has(device.siteName)),
      recent: overview.recent.filter((item) => names.has(item.siteName)),
      counts: countsOf(sites.map((site) => site.devices)),
    };
  }, [overview, includesSite, customer]);
}
