// The devices of a site in numbers, and the ways to them and to more of them.
import { Link } from '@tanstack/react-router';
import { siteFilter } from './site-filter.ts';
import { type SiteRow, useStatusOfSites } from './sites-data.ts';
import { StatusCountLinks } from './status-counts.tsx';
import { t } from './text.ts';

export function SiteDevices({ site }: { site: SiteRow }) {
  const counts = useStatusOfSites()?.get(site.id);
  return (
    <section className="panel grid gap-2 p-3">
      <h2 className="section-title mb-0">{t('devicesHead')}</h2>
      {site.devices === 0 ? (
        <p className="m-0 text-muted">{t('noDevicesBody')}</p>
      ) : (
        <div className="flex flex-wrap items-center gap-x-6 gap-y-1">
          <StatusCountLinks counts={counts} total={site.devices} filter={(status) => siteFilter(site, status)} />
          <Link to="/fleet" search={{ q: siteFilter(site) }}>
            {t('showInFleet')}
          </Link>
        </div>
      )}
    </section>
  );
}
