// What the table of relays shows: each number with what it means, and a tone where it is worth a look.
import type { RelayRow } from '#console/web/src/fleet/relays.ts';
import { duration, integer, percent, quantityText, shortDuration, UNKNOWN } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import type { Column } from '#console/web/src/ui/table.tsx';
import { LinkState } from './link-state.tsx';
import { RelayMenu } from './relay-menu.tsx';
import { t } from './text.ts';

/** Beyond it alarms and logs of a site are hard to put in order. */
const SKEW_WORTH_SAYING_MS = 2_000;
/** Certificates live 14 days and are renewed at two thirds: less than this means that renewing fails. */
const CERTIFICATE_LATE_MS = 3 * 86_400_000;
/** A poll that starts this late finds the next one due on a device of the shortest interval. */
const LAG_WORTH_SAYING_MS = 5_000;

const tone = (isWorthALook: boolean) => (isWorthALook ? 'text-changed font-medium' : '');

function Clock({ skewMs }: { skewMs: number | null }) {
  if (skewMs === null) return <span className="text-muted">{UNKNOWN}</span>;
  if (Math.abs(skewMs) < SKEW_WORTH_SAYING_MS) return <span className="text-muted">{t('clockRight')}</span>;
  const time = shortDuration(Math.abs(skewMs));
  return <span className={tone(true)}>{t(skewMs > 0 ? 'clockAhead' : 'clockBehind', { time })}</span>;
}

function Certificate({ at, now }: { at: number; now: number }) {
  const left = at - now;
  return (
    <span
      title={t('certificateTitle', { time: fullTime(at) })}
      className={`whitespace-nowrap ${tone(left < CERTIFICATE_LATE_MS)}`}
    >
      {left <= 0 ? t('expired') : t('expiresIn', { time: shortDuration(left) })}
    </span>
  );
}

function Backlog({ relay }: { relay: RelayRow }) {
  const lanes = relay.lanes
    .map(({ lane, next, durable }) => t('lane', { lane, count: next === null ? 0 : Math.max(0, next - 1 - durable) }))
    .join(', ');
  return (
    <span title={t('backlogTitle', { lanes: lanes === '' ? UNKNOWN : lanes })} className={tone(relay.backlog > 0)}>
      {relay.isConnected ? integer(relay.backlog) : UNKNOWN}
    </span>
  );
}

function Name({ relay }: { relay: RelayRow }) {
  const until = relay.isConnected ? relay.health?.breakGlassUntil : undefined;
  return (
    <span className="flex min-w-32 flex-col">
      <span className="font-medium wrap-anywhere">{relay.name}</span>
      {relay.kind === 'leaf' && <span className="text-xs text-muted">{t('leaf')}</span>}
      {until !== undefined && (
        <span className="text-xs font-medium text-down">{t('glassBroken', { time: fullTime(until) })}</span>
      )}
    </span>
  );
}

/** `now` makes ages and times left. */
export function relayColumns(now: number): ReadonlyArray<Column<RelayRow>> {
  return [
    { key: 'name', title: t('name'), cell: (relay) => <Name relay={relay} />, sortBy: (relay) => relay.name },
    { key: 'site', title: t('site'), cell: (relay) => relay.siteName, sortBy: (relay) => relay.siteName },
    {
      key: 'link',
      title: t('link'),
      cell: (relay) => <LinkState {...relay} now={now} />,
      sortBy: (relay) => (relay.isConnected ? 1 : 0),
    },
    {
      key: 'devices',
      title: t('devices'),
      isNumber: true,
      cell: (relay) => (
        <span className="whitespace-nowrap">
          {(relay.health?.failing ?? 0) > 0 && (
            <span className="mr-2 text-xs text-down">{t('failing', { count: relay.health?.failing ?? 0 })}</span>
          )}
          {integer(relay.devices)}
        </span>
      ),
      sortBy: (relay) => relay.devices,
    },
    {
      key: 'backlog',
      title: t('backlog'),
      isNumber: true,
      cell: (relay) => <Backlog relay={relay} />,
      sortBy: (relay) => relay.backlog,
    },
    ...healthColumns(),
    {
      key: 'skew',
      title: t('skew'),
      cell: (relay) => <Clock skewMs={relay.clockSkewMs} />,
      sortBy: (relay) => Math.abs(relay.clockSkewMs ?? 0),
    },
    {
      key: 'certificate',
      title: t('certificate'),
      cell: (relay) => <Certificate at={relay.certificateExpiresAt} now={now} />,
      sortBy: (relay) => relay.certificateExpiresAt,
    },
    {
      key: 'version',
      title: t('version'),
      cell: (relay) => (
        <span
          className="text-muted"
          title={t('versionTitle', {
            version: relay.version,
            hostname: relay.hostname,
            node: relay.health?.nodeVersion ?? UNKNOWN,
          })}
        >
          {relay.version}
        </span>
      ),
    },
    { key: 'actions', title: t('actionsTitle'), cell: (relay) => <RelayMenu relay={relay} /> },
  ];
}

function healthColumns(): ReadonlyArray<Column<RelayRow>> {
  return [
    {
      key: 'lag',
      title: t('lag'),
      isNumber: true,
      cell: ({ health }) =>
        health === null ? (
          UNKNOWN
        ) : (
          <span
            title={t('lagTitle', { polls: health.pollsPerMinute })}
            className={`whitespace-nowrap ${tone(health.pollLagMs >= LAG_WORTH_SAYING_MS)}`}
          >
            {health.pollLagMs < 1_000 ? t('milliseconds', { count: health.pollLagMs }) : duration(health.pollLagMs)}
          </span>
        ),
      sortBy: ({ health }) => health?.pollLagMs ?? -1,
    },
    {
      key: 'cpu',
      title: t('cpu'),
      isNumber: true,
      cell: ({ health }) => <span title={t('cpuTitle')}>{percent(health?.cpuRatio)}</span>,
      sortBy: ({ health }) => health?.cpuRatio ?? -1,
    },
    {
      key: 'memory',
      title: t('memory'),
      isNumber: true,
      cell: ({ health }) => <span className="whitespace-nowrap">{quantityText(health?.rssBytes, 'bytes')}</span>,
      sortBy: ({ health }) => health?.rssBytes ?? -1,
    },
  ];
}
