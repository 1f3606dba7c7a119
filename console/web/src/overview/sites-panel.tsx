// Every site in one line: how it is linked, how its devices are, how fresh what is known of them is.
import { memo, useMemo } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { ThingLink } from '#console/web/src/shell/thing-link.tsx';
import { integer, shortDuration } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { FrozenMark } from '#console/web/src/trust/frozen-mark.tsx';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import { SimulatedMark, StatusShape, statusText } from '#console/web/src/ui/status-mark.tsx';
import { LinkShape } from './link-shape.tsx';
import type { OverviewData } from './overview-data.ts';
import { Panel } from './panel.tsx';
import { awaySince, backlogOf, linkOf, STATUSES, sortedSites, totalOf } from './site-state.ts';
import { StatusBar } from './status-bar.tsx';
import { t } from './text.ts';

type Site = OverviewData['sites'][number];

export function SitesPanel({ sites }: { sites: readonly Site[] }) {
  const sorted = useMemo(() => sortedSites(sites), [sites]);
  const away = sites.filter((site) => linkOf(site) === 'away').length;
  const aside = [t('sites', { count: sites.length }), ...(away > 0 ? [t('sitesAway', { count: away })] : [])].join(
    ', ',
  );
  return (
    <Panel title={t('sitesTitle')} aside={aside} className="overview-sites">
      {sites.length === 0 ? (
        <p className="overview-calm">{t('noSites')}</p>
      ) : (
        <ScrollArea label={t('sitesTitle')} className="overview-scroll overview-scroll-tall">
          <ul className="overview-rows">
            {sorted.map((site) => (
              <SiteRow key={site.id} site={site} />
            ))}
          </ul>
        </ScrollArea>
      )}
    </Panel>
  );
}

const SiteRow = memo(function SiteRow({ site }: { site: Site }) {
  const { id, name, customerName } = site;
  return (
    <li className="overview-row site-row">
      <span className="site-name">
        <ThingLink
          thing={{ kind: 'site', id, name, place: customerName }}
          className="row-link"
          title={`${name}, ${customerName}`}
        >
          {name}
        </ThingLink>
        {site.isSimulated && <SimulatedMark />}
        <FrozenMark at={site.frozenAt} />
        <span className="truncate text-xs text-muted" title={customerName}>
          {customerName}
        </span>
      </span>
      <SiteLink site={site} />
      <SiteDevices site={site} />
      <Freshness site={site} />
    </li>
  );
});

const TONES = { linked: 'text-muted', behind: 'text-changed', away: 'text-down', none: 'text-muted' } as const;

function SiteLink({ site }: { site: Site }) {
  const now = useFiveSeconds();
  const kind = linkOf(site);
  const since = awaySince(site);
  const text = {
    linked: t('linked'),
    behind: t('behind', { count: backlogOf(site) }),
    away: since === null ? t('away') : t('awayFor', { time: shortDuration(now - since) }),
    none: t('noRelay'),
  }[kind];
  return (
    <span className={`site-link ${TONES[kind]}`} title={[text, ...site.relays.map((relay) => relay.name)].join(', ')}>
      <LinkShape kind={kind} />
      <span className="truncate">{text}</span>
    </span>
  );
}

function SiteDevices({ site: { devices } }: { site: Site }) {
  const total = totalOf(devices);
  const troubles = STATUSES.filter((status) => status !== 'up' && (devices[status] ?? 0) > 0);
  return (
    <span className="site-devices">
      <StatusBar counts={devices} />
      <span className="site-counts">
        {troubles.map((status) => (
          <span key={status} className="inline-flex items-center gap-1" title={statusText(status)}>
            <StatusShape status={status} />
            {integer(devices[status])}
            <span className="sr-only">{statusText(status)}</span>
          </span>
        ))}
        <span className="text-muted">{countText(total, troubles.length > 0)}</span>
      </span>
    </span>
  );
}

function countText(total: number, hasTroubles: boolean): string {
  if (total === 0) return t('noDevices');
  return hasTroubles ? t('ofDevices', { count: total }) : t('allUp', { count: total });
}

/** The newest poll says that the site lives, the oldest of its devices that are up how far the picture can be trusted. */
function Freshness({ site: { newestPollAt, stalestPollAt } }: { site: Site }) {
  const now = useFiveSeconds();
  if (newestPollAt === null)
    return (
      <span className="site-age text-muted" title={t('neverPolled')}>
        {t('never')}
      </span>
    );
  const hint = t('freshHint', {
    newest: fullTime(newestPollAt),
    oldest: fullTime(stalestPollAt ?? newestPollAt),
  });
  return (
    <time dateTime={new Date(newestPollAt).toISOString()} title={hint} className="site-age text-muted">
      {t('ago', { time: shortDuration(Math.max(0, now - newestPollAt)) })}
    </time>
  );
}
