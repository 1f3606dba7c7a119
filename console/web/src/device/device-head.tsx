// The head of a device's page: which one it is, how it is, and the facts one asks for first.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSecond } from '#console/web/src/live/now.ts';
import { duration } from '#console/web/src/text/format.ts';
import { fullTime, timeOrDay } from '#console/web/src/text/time.ts';
import { Age } from '#console/web/src/ui/age.tsx';
import { SimulatedMark, StatusMark } from '#console/web/src/ui/status-mark.tsx';
import type { DeviceData } from './device-data.ts';

interface HeadProps {
  device: DeviceData;
  values: Readonly<Record<string, number>>;
  polledAt: number | null;
  /** While somebody looks; undefined for the usual interval. */
  watchedMs: number | undefined;
}

export function DeviceHead({ device, values, polledAt, watchedMs }: HeadProps) {
  const now = useSecond();
  const uptime = values['system.uptime'];
  return (
    <header>
      <nav aria-label="Breadcrumb" className="text-xs">
        <Link to="/fleet" className="text-muted no-underline hover:text-ink">
          <span aria-hidden="true">&lsaquo;</span> Fleet
        </Link>
      </nav>
      <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="m-0 line-clamp-2 min-w-0 text-xl font-semibold break-all" title={device.name}>
          {device.name}
        </h1>
        {device.isSimulated && <SimulatedMark />}
        <StatusMark status={device.status} />
        {device.statusAt !== null && (
          <span className="text-xs text-muted" title={fullTime(device.statusAt)}>
            since {timeOrDay(device.statusAt, now)}
          </span>
        )}
      </div>
      {device.status !== 'up' && <Trouble device={device} />}
      <dl className="facts mt-3">
        <Fact name="Site">{device.siteName}</Fact>
        <Fact name="Address">
          {device.address}
          {device.port === null ? '' : `:${device.port}`}
        </Fact>
        <Fact name="Host name">{device.hostname ?? '–'}</Fact>
        <Fact name="System">{device.system}</Fact>
        <Fact name="Transport">
          {device.transport}
          {device.credential === null ? '' : ` (${device.credential})`}
        </Fact>
        <Fact name="Uptime">{uptime === undefined ? '–' : duration(uptime)}</Fact>
        <Fact name="Polled">
          <Age at={polledAt} now={now} intervalMs={device.intervalMs} />
        </Fact>
        <Fact name="Interval">
          {duration(device.intervalMs)}
          {watchedMs !== undefined && watchedMs < device.intervalMs && (
            <span className="text-muted" title="Polled faster while somebody looks at it">
              , now {duration(watchedMs)}
            </span>
          )}
        </Fact>
      </dl>
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="m-0 break-words">{children}</dd>
    </div>
  );
}

/** Why it is not well, in the relay's own words. */
function Trouble({ device }: { device: DeviceData }) {
  if (device.statusReason === null && device.statusDetail === null) return null;
  return (
    <p className="mt-2 mb-0 rounded-md border border-line bg-surface px-3 py-2">
      {device.statusReason !== null && (
        <strong className="mr-2 font-medium">{device.statusReason.replaceAll('-', ' ')}</strong>
      )}
      <span className="break-words text-muted">{device.statusDetail}</span>
    </p>
  );
}
