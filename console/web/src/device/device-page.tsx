// One device: how it is now, how it was, what it has, what happened to it.
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { isMissing } from '#console/web/src/api/fault.ts';
import type { TailPoint } from '#console/web/src/chart/line.ts';
import { rememberDevice } from '#console/web/src/fleet/row-walk.ts';
import { valuesOf } from '#console/web/src/live/latest.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { useRecent } from '#console/web/src/shell/recent.ts';
import { useTime } from '#console/web/src/span/use-time.ts';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock, SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { TabLink, Tabs } from '#console/web/src/ui/tabs.tsx';
import './device.css';
import { ChartsTab } from './charts-tab.tsx';
import { type DeviceData, useDevice } from './device-data.ts';
import { DeviceHead } from './device-head.tsx';
import { useDeviceTail } from './device-tail.ts';
import { OverviewTab } from './overview-tab.tsx';
import { type Tab, tabsOf, USUAL_SPAN } from './span.ts';
import { type TabProps, tabSearch } from './tab-props.ts';
import { t } from './text.ts';
import { useWatch } from './use-watch.ts';

const route = getRouteApi('/shell/devices/$id');

export function DevicePage() {
  const { id } = route.useParams();
  const read = useDevice(id);
  usePageTitle(read.data?.name ?? t('device'));
  useEffect(() => rememberDevice(id), [id]);
  useRecent('device', id, read.data?.name, read.data?.siteName ?? null);
  if (isMissing(read.error)) return <EmptyState title={t('noDevice')} body={t('noDeviceBody')} />;
  if (read.data === undefined && read.error !== null)
    return <FaultNote what={t('deviceFault')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <Waiting />;
  return <Device key={id} device={read.data} />;
}

function Waiting() {
  return (
    <div role="status" aria-label={t('readingDevice')}>
      <SkeletonBlock className="mb-4 h-48" />
      <SkeletonBlock className="h-72" />
    </div>
  );
}

/** Views of what it has come in a file of their own: most looks at a device end with its charts. */
const MoreTab = lazy(async () => ({ default: (await import('./more-tab.tsx')).MoreTab }));

const LogTab = lazy(async () => ({ default: (await import('#console/web/src/device-log/log-tab.tsx')).LogTab }));
const SecurityTab = lazy(async () => ({
  default: (await import('#console/web/src/device-windows/security-tab.tsx')).SecurityTab,
}));

function Device({ device }: { device: DeviceData }) {
  const { id } = device;
  const search = route.useSearch();
  const { tab = 'overview' } = search;
  const tail = useDeviceTail(id, useFirstPoint(device));
  const watchedMs = useWatch(id);
  const newest = tail.at(-1);
  const values = newest?.values ?? NO_VALUES;
  const props: TabProps = { device, tail, values, time: useTime(search, USUAL_SPAN) };
  return (
    <>
      <DeviceHead device={device} values={values} polledAt={newest?.at ?? device.polledAt} watchedMs={watchedMs} />
      <div className="device-tabs">
        <Tabs label={t('views')}>
          {tabsOf(device, tab).map((one) => (
            <TabLink
              key={one}
              to="."
              search={tabSearch(one)}
              resetScroll={false}
              aria-current={one === tab ? 'page' : undefined}
            >
              {t(`tab_${one}`)}
            </TabLink>
          ))}
        </Tabs>
      </div>
      <div className="device-view">
        <View tab={tab} {...props} />
      </div>
    </>
  );
}

const NO_VALUES = {};

function View({ tab, ...props }: TabProps & { tab: Tab }) {
  if (tab === 'overview') return <OverviewTab {...props} />;
  if (tab === 'charts') return <ChartsTab {...props} />;
  return (
    <Suspense fallback={<SkeletonRows label={t('reading')} />}>
      {tab === 'events' ? (
        <LogTab {...props} />
      ) : tab === 'security' ? (
        <SecurityTab {...props} />
      ) : (
        <MoreTab tab={tab} {...props} />
      )}
    </Suspense>
  );
}

/** What the summary told: charts and tables begin with it, before history answers. */
function useFirstPoint({ polledAt, latest }: DeviceData): TailPoint | undefined {
  return useMemo(
    () => (polledAt === null ? undefined : { at: polledAt, values: valuesOf(latest) }),
    [polledAt, latest],
  );
}
