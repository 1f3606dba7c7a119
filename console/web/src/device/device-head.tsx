// The head of a device's page: which one it is, how it is and why, where it stands, and what people sort it by.
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { systemText, transportText } from '#console/web/src/fleet/value-text.ts';
import { useSecond } from '#console/web/src/live/now.ts';
import { duration, shortDuration, UNKNOWN } from '#console/web/src/text/format.ts';
import { fullTime, timeOrDay } from '#console/web/src/text/time.ts';
import { Age } from '#console/web/src/ui/age.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { SimulatedMark, StatusMark } from '#console/web/src/ui/status-mark.tsx';
import { isAway } from '#shared/model/device-words.ts';
import { type DeviceData, useGroupNames } from './device-data.ts';
import { DeviceMenu } from './device-menu.tsx';
import { DeviceName } from './device-name.tsx';
import { DeviceWay } from './device-way.tsx';
import { TagStrip } from './tag-strip.tsx';
import { t } from './text.ts';
import { TypeChoice } from './type-choice.tsx';
import { useUpdate } from './use-update.ts';

/** Most devices are well, and few are edited. */
const Trouble = lazy(async () => ({
  default: (await import('#console/web/src/device-reach/trouble.tsx')).Trouble,
}));
const EditDialog = lazy(async () => ({ default: (await import('./edit-dialog.tsx')).EditDialog }));

interface HeadProps {
  device: DeviceData;
  values: Readonly<Record<string, number>>;
  polledAt: number | null;
  /** While somebody looks; undefined for the usual interval. */
  watchedMs: number | undefined;
}

export function DeviceHead({ device, values, polledAt, watchedMs }: HeadProps) {
  const now = useSecond();
  const update = useUpdate(device.id);
  const [isEditing, setIsEditing] = useState(false);
  return (
    <header>
      <DeviceWay device={device} />
      <div className="mt-1 flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
        <DeviceName name={device.name} update={update} />
        {device.isSimulated && <SimulatedMark />}
        <StatusMark status={device.status} isAway={isAway(device)} />
        {device.statusAt !== null && (
          <span className="text-xs text-muted" title={fullTime(device.statusAt)}>
            {t('sinceFor', {
              time: timeOrDay(device.statusAt, now),
              duration: shortDuration(now - device.statusAt),
            })}
          </span>
        )}
        <span className="ml-auto">
          <DeviceMenu device={device} onEdit={() => setIsEditing(true)} />
        </span>
      </div>
      {device.status !== 'up' && !isAway(device) && (
        <Suspense fallback={<SkeletonBlock className="mt-2 h-16" />}>
          <Trouble device={device} onEdit={() => setIsEditing(true)} />
        </Suspense>
      )}
      {isEditing && (
        <Suspense>
          <EditDialog device={device} update={update} onClose={() => setIsEditing(false)} />
        </Suspense>
      )}
      <div className="mt-1.5">
        <TagStrip tags={device.tags} update={update} />
      </div>
      <div className="mt-3">
        <KeyValues>
          <Places device={device} />
          <KeyValue name={t('type')}>
            <TypeChoice device={device} update={update} />
          </KeyValue>
          <Machine device={device} uptime={values['system.uptime']} />
          {/* Wide enough for all it may say: the line must not grow when the watching begins. */}
          <div className="col-span-2 min-w-0">
            <dt className="text-xs text-muted">{t('polled')}</dt>
            <dd className="m-0">
              <Age at={polledAt} now={now} intervalMs={device.intervalMs} />
              <PolledEvery usualMs={device.intervalMs} watchedMs={watchedMs} />
            </dd>
          </div>
        </KeyValues>
      </div>
    </header>
  );
}

function PolledEvery({ usualMs, watchedMs }: { usualMs: number; watchedMs: number | undefined }) {
  const isFaster = watchedMs !== undefined && watchedMs < usualMs;
  const usual = t('every', { interval: duration(usualMs) });
  return (
    <span className="text-muted" title={isFaster ? t('watchedHint', { usual }) : undefined}>
      {', '}
      {isFaster ? t('watched', { interval: duration(watchedMs) }) : usual}
    </span>
  );
}

const Quiet = ({ children }: { children: ReactNode }) => <span className="text-muted">{children}</span>;

function Places({ device }: { device: DeviceData }) {
  return (
    <>
      <KeyValue name={t('site')}>
        <Link to="/sites/$id" params={{ id: device.siteId }} className="link-quiet">
          {device.siteName}
        </Link>
      </KeyValue>
      <KeyValue name={t('customer')}>
        <Link to="/fleet" search={{ customer: device.customerId }} className="link-quiet">
          {device.customerName}
        </Link>
      </KeyValue>
      <KeyValue name={t('address')}>
        {device.address}
        {device.port === null ? '' : `:${device.port}`}{' '}
        <Quiet>
          {transportText(device.transport)}
          {device.credential === null ? '' : ` (${device.credential})`}
        </Quiet>
      </KeyValue>
      <KeyValue name={t('relay')}>
        {device.relayId === null ? (
          <Quiet>{t('none')}</Quiet>
        ) : (
          <Link to="/relays" className="link-quiet">
            <RelayName device={device} />
          </Link>
        )}
      </KeyValue>
    </>
  );
}

function Machine({ device, uptime }: { device: DeviceData; uptime: number | undefined }) {
  return (
    <>
      <KeyValue name={t('system')}>{device.os ?? systemText(device.system)}</KeyValue>
      <KeyValue name={t('hostname')}>{device.hostname ?? UNKNOWN}</KeyValue>
      <KeyValue name={t('serial')}>{device.serial ?? UNKNOWN}</KeyValue>
      <KeyValue name={t('groups')}>
        <Groups ids={device.groups} />
      </KeyValue>
      <KeyValue name={t('uptime')}>{uptime === undefined ? UNKNOWN : duration(uptime)}</KeyValue>
    </>
  );
}

function RelayName({ device }: { device: DeviceData }) {
  const relays = useRelays().data;
  return relays?.find(({ id }) => id === device.relayId)?.name ?? t('relayOfSite', { site: device.siteName });
}

function Groups({ ids }: { ids: readonly string[] }) {
  const groups = useGroupNames().data;
  if (ids.length === 0) return UNKNOWN;
  return ids.map((id, index) => {
    const name = groups?.find((group) => group.id === id)?.name ?? '…';
    return (
      <span key={id}>
        {index > 0 && ', '}
        <Link to="/fleet" search={{ q: `group="${name.replaceAll(/["\\]/g, '\\$&')}"` }} className="link-quiet">
          {name}
        </Link>
      </span>
    );
  });
}
