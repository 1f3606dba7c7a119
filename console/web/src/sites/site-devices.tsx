// The devices of a site in numbers, and the ways to them and to more of them.
import { Link } from '@tanstack/react-router';
import { TransferMenu } from '#console/web/src/transfer/transfer-menu.tsx';
import { LinkButton } from '#console/web/src/ui/button.tsx';
import { siteFilter } from './site-filter.ts';
import { type SiteRow, useStatusOfSites } from './sites-data.ts';
import { StatusCountLinks } from './status-counts.tsx';
import { t } from './text.ts';

export function SiteDevices({ site }: { site: SiteRow }) {
  const counts = useStatusOfSites()?.get(site.id);
  return (
    <section className="panel grid gap-2 p-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="section-title mb-0">{t('devicesHead')}</h2>
        <span className="flex flex-wrap gap-2">
          <LinkButton to="/devices/new" search={{ site: site.id }} isSmall icon="plus" needs="device.write">
            {t('addDevice')}
          </LinkButton>
          <TransferMenu kind="devices" site={{ id: site.id, filter: siteFilter(site) }} />
        </span>
      </div>
      {site.devices === 0 ? (
        <p className="m-0 text-muted">{t('noDevicesBody')}</p>
      ) : (
        <div className="flex flex-wrap items-center gap-x-6 gap-y-1">
          <StatusCountLinks
            counts={counts}
            total={site.devices}
            filter={(status) => siteFilter(site, status)}
            hasWords
          />
          <Link to="/fleet" search={{ q: siteFilter(site) }}>
            {t('showInFleet')}
          </Link>
        </div>
      )}
    </section>
  );
}
