// What each site watches by, and where a draft waits to be signed.
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { agoText } from '#console/web/src/text/time.ts';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { inert } from '#shared/base/inert-text.ts';
import type { WatchedSite } from '#shared/contract/policy-contract.ts';
import { useWatchedSites } from './policy-data.ts';
import { t } from './text.ts';

export function SiteStates() {
  const sites = useWatchedSites().data;
  const now = useFiveSeconds();
  if (sites === undefined || sites.length === 0) return null;
  const waiting = sites.filter(({ isCurrent }) => !isCurrent).length;
  const columns: Array<Column<WatchedSite>> = [
    { key: 'site', title: t('site'), cell: ({ siteName }) => inert(siteName), sortBy: ({ siteName }) => siteName },
    { key: 'customer', title: t('customer'), cell: ({ customerName }) => inert(customerName) },
    {
      ...{ key: 'state', title: t('state') },
      cell: ({ isCurrent, version }) => {
        if (!isCurrent) return <Tag text={t('draftWaits')} tone="changed" />;
        return version === null ? t('shippedOnly') : t('inForce');
      },
    },
    {
      ...{ key: 'signed', title: t('signedAt') },
      cell: ({ signedAt }) => (signedAt === null ? '–' : agoText(signedAt, now)),
    },
  ];
  return (
    <section className="max-w-5xl">
      <p className="mt-0 mb-2 font-medium">
        {waiting === 0 ? t('allCurrent') : t('waitingDrafts', { count: waiting })}
      </p>
      <Table
        caption={t('sites')}
        isCaptionHidden
        columns={columns}
        rows={sites}
        rowKey={({ siteId }) => siteId}
        className="max-h-72"
      />
    </section>
  );
}
