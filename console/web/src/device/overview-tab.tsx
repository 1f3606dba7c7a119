// A device at a glance: what is unusual, its key numbers, the four charts one asks for first, and how full its disks are.
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { reasonText } from '#console/web/src/fleet/value-text.ts';
import { Allowed } from '#console/web/src/rights/allowed.tsx';
import { SourceNote } from '#console/web/src/span/source-note.tsx';
import { TimeBar } from '#console/web/src/span/time-bar.tsx';
import { duration, integer, percent, quantityText } from '#console/web/src/text/format.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { FIRST_CHARTS, namesOf } from './chart-specs.ts';
import { DeviceCharts } from './device-charts.tsx';
import { useHistory } from './device-data.ts';
import { Filesystems } from './filesystems.tsx';
import type { Tab } from './span.ts';
import { type TabProps, tabSearch } from './tab-props.ts';
import { t } from './text.ts';
import { Recent } from './timeline-recent.tsx';
import { type Unusual, unusualIn } from './unusual.ts';
import { useMarks } from './use-marks.ts';
import { useMissing } from './use-missing.ts';

/** What is wrong and how well it is: heavier than a look at its charts needs. */
const DeviceAlerts = lazy(async () => ({
  default: (await import('#console/web/src/incidents/device-alerts.tsx')).DeviceAlerts,
}));
const DeviceHealthPart = lazy(async () => ({
  default: (await import('#console/web/src/health/device-health-part.tsx')).DeviceHealthPart,
}));

/** It brings the code of signed texts along, which nobody needs to see how a device is. */
const DeviceStanding = lazy(async () => ({
  default: (await import('#console/web/src/standing/standing-part.tsx')).DeviceStanding,
}));

const ReachedPanel = lazy(async () => ({
  default: (await import('#console/web/src/device-reach/reached-panel.tsx')).ReachedPanel,
}));

const NAMES = namesOf(FIRST_CHARTS);

export function OverviewTab({ device, tail, values, time }: TabProps) {
  const read = useHistory(device.id, time.window, NAMES);
  const marks = useMarks(device.id, read.data);
  const { missing, stretches, shown } = useMissing(device, read.data);
  return (
    <>
      <UnusualList device={device} values={values} />
      <KeyNumbers values={values} />
      <TimeBar time={time} />
      {read.isError && <FaultNote what={t('historyFault')} error={read.error} onRetry={() => void read.refetch()} />}
      <DeviceCharts
        {...{ tail, marks, stretches }}
        charts={FIRST_CHARTS}
        window={time.window}
        intervalMs={device.intervalMs}
        series={read.data?.series}
        onZoom={time.onZoom}
      />
      <SourceNote window={time.window} read={shown} intervalMs={device.intervalMs} missing={missing} />
      <Parts device={device} values={values} />
    </>
  );
}

/** What is wrong, how it got there, and what is done about it, in two columns of their own lengths. */
function Parts({ device, values }: Pick<TabProps, 'device' | 'values'>) {
  return (
    <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
      <div className="grid min-w-0 gap-3">
        <Allowed needs="alert.read">
          <Suspense fallback={<SkeletonBlock className="h-24" />}>
            <DeviceAlerts id={device.id} />
          </Suspense>
        </Allowed>
        <section className="panel p-3">
          <h2 className="section-title mb-2">{t('filesystems')}</h2>
          <Filesystems values={values} />
        </section>
        <Recent id={device.id} />
      </div>
      <div className="grid min-w-0 gap-3">
        <Suspense fallback={<SkeletonBlock className="h-72" />}>
          <DeviceHealthPart id={device.id} />
        </Suspense>
        <Suspense fallback={<SkeletonBlock className="h-40" />}>
          <ReachedPanel device={device} />
        </Suspense>
        <Allowed needs="standing.read">
          <Suspense fallback={<SkeletonBlock className="h-24" />}>
            <DeviceStanding id={device.id} siteId={device.siteId} relayId={device.relayId} />
          </Suspense>
        </Allowed>
      </div>
    </div>
  );
}

const WHERE: Readonly<Record<Unusual['what'], Tab>> = {
  disk: 'disks',
  memory: 'charts',
  cpu: 'charts',
  wait: 'charts',
  load: 'charts',
  services: 'services',
  restart: 'timeline',
};

function unusualText({ what, where = '', value }: Unusual): string {
  switch (what) {
    case 'disk':
      return t('unusualDisk', { where, share: percent(value) });
    case 'memory':
      return t('unusualMemory', { share: percent(value) });
    case 'cpu':
      return t('unusualCpu', { share: percent(value) });
    case 'wait':
      return t('unusualWait', { share: percent(value) });
    case 'load':
      return t('unusualLoad', { load: quantityText(value, 'load') });
    case 'services':
      return t('unusualServices', { count: value });
    case 'restart':
      return t('unusualRestart', { duration: duration(value) });
  }
}

function UnusualList({ device, values }: Pick<TabProps, 'device' | 'values'>) {
  // What was measured before it fell silent says nothing about now.
  const found = device.status === 'up' ? unusualIn(values) : [];
  if (device.status !== 'up')
    return (
      <p className="device-unusual m-0 flex-nowrap">
        <Icon name="warning" className="-mr-2 text-changed" />
        {device.statusReason === null ? t('silent') : t('silentBecause', { reason: reasonText(device.statusReason) })}
      </p>
    );
  if (found.length === 0)
    return (
      <p className="device-unusual m-0 text-muted">
        <Icon name="check" className="-mr-2 text-up" />
        {t('nothingUnusual')}
      </p>
    );
  return (
    <ul aria-label={t('unusual')} className="device-unusual m-0 list-none p-0">
      {found.map((one) => (
        <li key={`${one.what} ${one.where ?? ''}`} className="inline-flex min-w-0 items-center gap-1.5">
          <Icon name="warning" className="text-changed" />
          <Link to="." search={tabSearch(WHERE[one.what])} className="link-quiet wrap-anywhere">
            {unusualText(one)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function KeyNumbers({ values }: Pick<TabProps, 'values'>) {
  const of = (name: string) => values[name];
  return (
    <dl className="key-numbers">
      <KeyNumber name={t('chartCpu')}>{percent(of('cpu.used_ratio'))}</KeyNumber>
      <KeyNumber name={t('chartMemory')} note={noteOf(of('memory.used'), of('memory.total'))}>
        {percent(of('memory.used_ratio'))}
      </KeyNumber>
      <KeyNumber name={t('chartLoad')} note={`${load(of('load.5'))} · ${load(of('load.15'))}`}>
        {load(of('load.1'))}
      </KeyNumber>
      <KeyNumber name={t('chartProcesses')}>{integer(of('process.total'))}</KeyNumber>
      <KeyNumber name={t('failedServices')}>{integer(of('service.failed'))}</KeyNumber>
      <KeyNumber name={t('chartPoll')}>{quantityText(of('poll.duration'), 'ms')}</KeyNumber>
    </dl>
  );
}

const load = (value: number | undefined): string => quantityText(value, 'load');
const noteOf = (used: number | undefined, total: number | undefined): string =>
  total === undefined ? '' : t('ofTotal', { used: quantityText(used, 'bytes'), total: quantityText(total, 'bytes') });

function KeyNumber({ name, note = '', children }: { name: string; note?: string; children: ReactNode }) {
  return (
    <div className="key-number">
      <dt>{name}</dt>
      <dd>
        {children}
        <span className="key-note">{note}</span>
      </dd>
    </div>
  );
}
