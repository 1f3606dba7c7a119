// Where a site is, whom to ask there, and what is written down about it.
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { dateOf } from '#console/web/src/text/time.ts';
import { ContactLine, hasContact } from './contact-line.tsx';
import type { SiteRow } from './sites-data.ts';
import { t } from './text.ts';
import { zoneTime } from './zone-time.ts';

export function SitePlace({ site }: { site: SiteRow }) {
  const now = useFiveSeconds();
  return (
    <section className="panel p-3">
      <h2 className="section-title mb-2">{t('place')}</h2>
      <dl className="m-0 grid gap-2">
        <Line name={t('timeZone')}>
          {site.timeZone} <span className="text-muted">{zoneTime(site.timeZone, now)}</span>
        </Line>
        {site.address !== '' && <Line name={t('address')}>{site.address}</Line>}
        {hasContact(site.contact) && (
          <Line name={t('contact')}>
            <ContactLine contact={site.contact} />
          </Line>
        )}
        {site.notes !== '' && <Line name={t('notes')}>{site.notes}</Line>}
        <Line name={t('addedOn')}>{dateOf(site.createdAt)}</Line>
      </dl>
    </section>
  );
}

function Line({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="m-0 whitespace-pre-line wrap-anywhere">{children}</dd>
    </div>
  );
}
