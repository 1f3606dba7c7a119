// The sites below their customers: a table at a desk, cards on a phone.
import { Link } from '@tanstack/react-router';
import { type RelayRow, useRelays } from '#console/web/src/fleet/relays.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { FrozenMark } from '#console/web/src/trust/frozen-mark.tsx';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import { SimulatedMark } from '#console/web/src/ui/status-mark.tsx';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';
import { ContactLine } from './contact-line.tsx';
import { type CustomerGroup, groupByCustomer } from './grouping.ts';
import { RelayState } from './relay-state.tsx';
import { siteFilter } from './site-filter.ts';
import { type SiteRow, type StatusCounts, useStatusOfSites } from './sites-data.ts';
import { StatusCountLinks } from './status-counts.tsx';
import { t } from './text.ts';
import { zoneTime } from './zone-time.ts';

interface Known {
  counts: ReadonlyMap<string, StatusCounts> | undefined;
  relays: readonly RelayRow[];
  now: number;
}

const NO_RELAYS: RelayRow[] = [];

export function SitesTable({ sites }: { sites: readonly SiteRow[] }) {
  const known = { counts: useStatusOfSites(), relays: useRelays().data ?? NO_RELAYS, now: useFiveSeconds() };
  const groups = groupByCustomer(sites);
  return useIsNarrow() ? <Cards groups={groups} known={known} /> : <Wide groups={groups} known={known} />;
}

interface PartProps {
  groups: readonly CustomerGroup[];
  known: Known;
}

function Wide({ groups, known }: PartProps) {
  return (
    <ScrollArea label={t('sitesTitle')} className="table-frame">
      <table className="table">
        <caption className="sr-only">{t('sitesTitle')}</caption>
        <thead>
          <tr>
            <th scope="col" className="w-[28%]">
              {t('site')}
            </th>
            <th scope="col" className="w-[20%]">
              {t('devicesHead')}
            </th>
            <th scope="col">{t('relay')}</th>
            <th scope="col" className="hidden xl:table-cell">
              {t('timeZone')}
            </th>
            <th scope="col">{t('contact')}</th>
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group.id}>
            <tr className="group-row">
              <th scope="rowgroup" colSpan={5}>
                <GroupName group={group} />
              </th>
            </tr>
            {group.sites.map((site) => (
              <Row key={site.id} site={site} known={known} />
            ))}
          </tbody>
        ))}
      </table>
    </ScrollArea>
  );
}

function GroupName({ group }: { group: CustomerGroup }) {
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      <span className="wrap-anywhere">{group.name}</span>
      <span className="text-xs font-normal text-muted">
        {t('sites', { count: group.sites.length })} · {t('devices', { count: group.devices })}
      </span>
    </span>
  );
}

function SiteName({ site }: { site: SiteRow }) {
  return (
    <span className="flex items-center gap-2">
      <Link to="/sites/$id" params={{ id: site.id }} className="quiet-link font-medium">
        {site.name}
      </Link>
      {site.isSimulated && <SimulatedMark />}
      <FrozenMark at={site.frozenAt} />
    </span>
  );
}

const relaysOf = (known: Known, site: SiteRow) => known.relays.filter(({ siteId }) => siteId === site.id);

function Devices({ site, known }: { site: SiteRow; known: Known }) {
  return (
    <StatusCountLinks
      counts={known.counts?.get(site.id)}
      total={site.devices}
      filter={(status) => siteFilter(site, status)}
    />
  );
}

function Row({ site, known }: { site: SiteRow; known: Known }) {
  return (
    <tr>
      <td>
        <SiteName site={site} />
        {site.address !== '' && <div className="max-w-80 text-xs text-muted wrap-anywhere">{site.address}</div>}
      </td>
      <td>
        <Devices site={site} known={known} />
      </td>
      <td>
        <RelayState relays={relaysOf(known, site)} now={known.now} />
      </td>
      <td className="hidden whitespace-nowrap xl:table-cell">
        {site.timeZone}
        <div className="text-xs text-muted">{zoneTime(site.timeZone, known.now)}</div>
      </td>
      <td>
        <ContactLine contact={site.contact} />
      </td>
    </tr>
  );
}

function Cards({ groups, known }: PartProps) {
  return groups.map((group) => (
    <section key={group.id} className="mb-5">
      <h2 className="section-title mb-2">
        <GroupName group={group} />
      </h2>
      <ul className="m-0 grid list-none gap-2 p-0">
        {group.sites.map((site) => (
          <li key={site.id} className="panel grid gap-1.5 p-3">
            <span className="flex flex-wrap items-center justify-between gap-x-3">
              <SiteName site={site} />
              <RelayState relays={relaysOf(known, site)} now={known.now} />
            </span>
            <Devices site={site} known={known} />
            <span className="text-xs text-muted">{zoneTime(site.timeZone, known.now)}</span>
            <ContactLine contact={site.contact} />
          </li>
        ))}
      </ul>
    </section>
  ));
}
