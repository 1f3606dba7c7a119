// Standing orders as cards, on the list and on the pages of a site and a device: one thumb reads and opens each.
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { stateText } from '#console/web/src/happening/words.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { actionLine } from '#console/web/src/orders/order-view.tsx';
import { charterQuery } from '#console/web/src/signing/trust-data.ts';
import { integer } from '#console/web/src/text/format.ts';
import { agoText, dateOf } from '#console/web/src/text/time.ts';
import { nameOfKey } from '#console/web/src/trust/trust-people.ts';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { inert } from '#shared/base/inert-text.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Stood } from './standing-data.ts';
import { StandingMark, StandingNote } from './standing-mark.tsx';
import { useRelayName } from './standing-view.tsx';
import { triggerText } from './standing-words.ts';
import { t } from './text.ts';
import '#console/web/src/signing/signing.css';

export function StandingCards({ items }: { items: readonly Stood[] }) {
  const sites = [...new Set(items.map(({ summary }) => summary.siteId))];
  const reads = useQueries({ queries: sites.map(charterQuery) });
  const relays = useRelays();
  // Names that came later would move what stands below them.
  if (items.length > 0 && (relays.isPending || reads.some(({ isPending }) => isPending)))
    return <SkeletonRows label={t('reading')} />;
  const charters = reads.flatMap(({ data }) => data ?? []);
  return (
    <ul className="plain-list">
      {items.map((stood) => (
        <li key={stood.order.id}>
          <Card stood={stood} charter={charters.find(({ site }) => site === stood.order.site)} />
        </li>
      ))}
    </ul>
  );
}

/** "2 succeeded, 1 failed". */
export const countsText = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([state, count]) => `${integer(count)} ${stateText(state)}`)
    .join(', ');

function Card({ stood, charter }: { stood: Stood; charter: Charter | undefined }) {
  const now = useFiveSeconds();
  const { order, summary } = stood;
  const relay = useRelayName(order.relay);
  const where =
    order.rule === undefined
      ? t('devices', { count: order.targets.length, relay })
      : `${t('byRule', { relay })}: ${inert(order.rule.text)}`;
  const { lastRun } = summary;
  return (
    <Link to="/standing/$id" params={{ id: order.id }} className="order-card text-ink no-underline hover:bg-raised">
      <span className="flex flex-wrap items-center justify-between gap-x-3">
        <strong className="font-medium wrap-anywhere">{inert(order.name)}</strong>
        <StandingMark stood={stood} />
      </span>
      <span className="line-clamp-2 block font-mono text-sm wrap-anywhere">{actionLine(order.action)}</span>
      <span className="mt-1 block wrap-anywhere">{triggerText(order.trigger, (device) => device.slice(0, 8))}</span>
      <span className="block wrap-anywhere">{where}</span>
      <span className="mt-1 block text-muted wrap-anywhere">
        {t('who')}:{' '}
        {summary.signer
          .split(' ')
          .map((key) => nameOfKey(key, charter))
          .join(', ')}
        {' · '}
        {t('until')} {dateOf(order.exp)}
        {' · '}
        {t('last')}:{' '}
        {lastRun === null
          ? t('neverRan')
          : t('ranAgo', { ago: agoText(lastRun.at, now), counts: countsText(lastRun.counts) })}
      </span>
      <StandingNote stood={stood} />
    </Link>
  );
}
