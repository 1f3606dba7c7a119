// One device: how it is now, how it was, what it has, what happened to it.
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo } from 'react';
import { isMissing } from '#console/web/src/api/fault.ts';
import type { TailPoint } from '#console/web/src/chart/line.ts';
import { rememberDevice } from '#console/web/src/fleet/row-walk.ts';
import { valuesOf } from '#console/web/src/live/latest.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { useRecent } from '#console/web/src/shell/recent.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { useKeys } from '#console/web/src/ui/use-keys.ts';
import { DeviceCharts } from './device-charts.tsx';
import { type DeviceData, useDevice } from './device-data.ts';
import { DeviceHead } from './device-head.tsx';
import { useDeviceTail } from './device-tail.ts';
import { EventList } from './event-list.tsx';
import { FactList } from './fact-list.tsx';
import { Disks, Filesystems, Interfaces } from './instance-tables.tsx';
import { type Span, spanOf } from './span.ts';
import { SpanChoice } from './span-choice.tsx';
import { useWatch } from './use-watch.ts';

const route = getRouteApi('/shell/devices/$id');

export function DevicePage() {
  const { id } = route.useParams();
  const navigate = useNavigate();
  const read = useDevice(id);
  usePageTitle(read.data?.name ?? 'Device');
  useEffect(() => rememberDevice(id), [id]);
  useRecent('device', id, read.data?.name, read.data?.siteName ?? null);
  useKeys(useMemo(() => ({ u: () => void navigate({ to: '/fleet' }) }), [navigate]));
  if (isMissing(read.error))
    return <FaultNote what="There is no such device." error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined && read.error !== null)
    return <FaultNote what="The device could not be read." error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <Waiting />;
  return <Device key={id} device={read.data} />;
}

function Waiting() {
  return (
    <div role="status" aria-label="Reading the device">
      <SkeletonBlock className="mb-4 h-24" />
      <SkeletonBlock className="h-72" />
    </div>
  );
}

function Device({ device }: { device: DeviceData }) {
  const { id } = device;
  const span = spanOf(route.useSearch());
  const navigate = route.useNavigate();
  const choose = useCallback(
    (next: Span) => void navigate({ search: { span: next.key }, replace: true, resetScroll: false }),
    [navigate],
  );
  const tail = useDeviceTail(id, useFirstPoint(device));
  const watchedMs = useWatch(id);
  const newest = tail.at(-1);
  const values = newest?.values ?? {};
  return (
    <>
      <DeviceHead device={device} values={values} polledAt={newest?.at ?? device.polledAt} watchedMs={watchedMs} />
      <SpanChoice span={span} onChoose={choose} />
      <DeviceCharts id={id} span={span} intervalMs={device.intervalMs} tail={tail} />
      <div className="mt-3 grid grid-cols-1 items-start gap-3 md:grid-cols-2 wide:grid-cols-3">
        <Filesystems values={values} />
        <div className="grid grid-cols-1 gap-3">
          <Interfaces values={values} />
          <Disks values={values} />
        </div>
        <EventList id={id} />
      </div>
      <FactList id={id} />
    </>
  );
}

/** What the summary told: charts and tables begin with it, before history answers. */
function useFirstPoint({ polledAt, latest }: DeviceData): TailPoint | undefined {
  return useMemo(
    () => (polledAt === null ? undefined : { at: polledAt, values: valuesOf(latest) }),
    [polledAt, latest],
  );
}
