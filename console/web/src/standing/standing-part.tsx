// The standing orders of a site or of a device, on its own page, with the way to a new one.
import { LinkButton } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { StandingCards } from './standing-cards.tsx';
import { type Stood, useStandingOrders } from './standing-data.ts';
import type { NewStandingSearch } from './standing-search.ts';
import { t } from './text.ts';

interface PartProps {
  title: string;
  siteId: string;
  isShown: (stood: Stood) => boolean;
  begins: NewStandingSearch;
}

function StandingPart({ title, siteId, isShown, begins }: PartProps) {
  const read = useStandingOrders(siteId);
  const items = read.data?.items.filter((stood) => stood.summary.state !== 'withdrawn' && isShown(stood));
  return (
    <section className="panel p-3" aria-label={title}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="section-title mb-0">{title}</h2>
        <LinkButton to="/standing/new" search={begins} isSmall icon="plus" needs="standing.write">
          {t('newOne')}
        </LinkButton>
      </div>
      {items === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonBlock className="h-6" />}
      {items?.length === 0 && <p className="m-0 text-muted">{t('noneHere')}</p>}
      {items !== undefined && <StandingCards items={items} />}
    </section>
  );
}

export const SiteStanding = ({ siteId }: { siteId: string }) => (
  <StandingPart title={t('ofSite')} siteId={siteId} isShown={() => true} begins={{}} />
);

/** Those that name it or watch it, and those by rule of its relay, which may fit it. */
export function DeviceStanding({ id, siteId, relayId }: { id: string; siteId: string; relayId: string | null }) {
  const isShown = ({ order: { targets, trigger, rule, relay } }: Stood) =>
    targets.some(({ device }) => device === id) ||
    (trigger.type === 'device-unreachable' && trigger.device === id) ||
    (rule !== undefined && relay === relayId);
  return <StandingPart title={t('ofDevice')} siteId={siteId} isShown={isShown} begins={{ devices: id }} />;
}
