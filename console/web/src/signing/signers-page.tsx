// Signing keys: per site who may sign what, and a passkey of one's own for its owner to take into the charter.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { isMissing } from '#console/web/src/api/fault.ts';
import { useEstateScope, useSites } from '#console/web/src/shell/estate-scope.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock, SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import type { SiteSummary } from '#shared/contract/site-contract.ts';
import { CharterView } from './charter-view.tsx';
import { NewPasskey } from './new-passkey.tsx';
import { t } from './text.ts';
import { charterQuery } from './trust-data.ts';
import './signing.css';

/** Each is read by itself and fills most of a screen; the choice of customer and site above narrows them. */
const MAX_SITES = 20;

export function SignersPage() {
  usePageTitle(t('signersTitle'));
  const read = useSites();
  const scope = useEstateScope();
  const sites = read.data?.filter(({ id }) => scope.includesSite(id)) ?? [];
  return (
    <>
      <h1 className="mt-0 mb-1 text-xl font-semibold">{t('signersTitle')}</h1>
      <p className="mt-0 mb-4 max-w-prose text-muted">{t('signersIntro')}</p>
      <NewPasskey sites={sites.slice(0, MAX_SITES)} />
      {read.data === undefined && read.isError && (
        <FaultNote what={t('sitesNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {sites.slice(0, MAX_SITES).map((site) => (
        <SiteKeys key={site.id} site={site} />
      ))}
      {sites.length > MAX_SITES && <p className="text-muted">{t('moreSites', { count: sites.length - MAX_SITES })}</p>}
    </>
  );
}

function SiteKeys({ site }: { site: Pick<SiteSummary, 'id' | 'name'> }) {
  const read = useQuery(charterQuery(site.id));
  return (
    <section className="panel mt-4 p-3">
      <h2 className="mt-0 mb-1 text-base font-semibold">
        <Link to="/sites/$id" params={{ id: site.id }} className="quiet-link">
          {site.name}
        </Link>
      </h2>
      {read.isPending && <SkeletonBlock className="h-72" />}
      {isMissing(read.error) && <p className="m-0 text-muted">{t('noCharter')}</p>}
      {read.isError && !isMissing(read.error) && (
        <FaultNote what={t('charterNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data !== undefined && <CharterView charter={read.data} />}
    </section>
  );
}
