// An order that was given: what it still waits for, and how far each device came, live.
import { getRouteApi, Link } from '@tanstack/react-router';
import { faultText } from '#console/web/src/api/fault.ts';
import { useSecond } from '#console/web/src/live/now.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { useCharters } from '#console/web/src/signing/trust-data.ts';
import { integer } from '#console/web/src/text/format.ts';
import { agoText } from '#console/web/src/text/time.ts';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { inert } from '#shared/base/inert-text.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import { outcomeKind } from '#shared/model/outcome-kind.ts';
import { helpfulSigners } from '#shared/seal/order-draft.ts';
import { personOf } from '#shared/seal/signature-check.ts';
import { OrderAgain } from './order-again.tsx';
import { OrderOutcomes } from './order-outcomes.tsx';
import { OrderParts } from './order-parts.tsx';
import { listed } from './order-search.ts';
import { ActionWords } from './order-view.tsx';
import { type FollowedOrder, useOrdered, useOrders } from './orders-data.ts';
import { StopOrder } from './stop-order.tsx';
import { t } from './text.ts';
import '#console/web/src/signing/signing.css';

const route = getRouteApi('/shell/orders/$id');

export function OrderPage() {
  usePageTitle(t('orderTitle'));
  const { id } = route.useParams();
  const reads = useOrders([id, ...listed(route.useSearch().with)]);
  const orders = reads.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const fault = reads.find(({ isError }) => isError);
  return (
    <>
      <h1 className="mt-0 mb-1 text-xl font-semibold">{t('orderTitle')}</h1>
      {orders.length === 0 && fault === undefined && <SkeletonRows label={t('reading')} />}
      {fault?.error != null && <EmptyState title={t('noOrder')} body={faultText(fault.error)} />}
      {orders.length > 0 && <Order orders={orders} />}
    </>
  );
}

function Order({ orders }: { orders: readonly FollowedOrder[] }) {
  const now = useSecond();
  const { only } = route.useSearch();
  const navigate = route.useNavigate();
  const [first] = orders;
  const outcomes = orders.flatMap(({ id, outcomes: of }) => of.map((outcome) => ({ ...outcome, action: id })));
  const waiting = orders.find(({ state }) => state === 'waiting-for-signature');
  const open = orders.filter(({ state }) => state !== 'settled');
  const done = outcomes.filter((one) => outcomeKind(one) !== 'open').length;
  if (first === undefined) return null;
  return (
    <>
      <p className="mt-0 mb-1 text-muted">
        {t('givenAgo', { ago: agoText(first.createdAt, now) })}{' '}
        {first.reason !== '' && t('because', { reason: first.reason })}
      </p>
      <Ordered id={first.id} />
      {waiting !== undefined && (
        <p className="mt-0 mb-3">
          {t('waits')} <WaitsFor orders={orders} />{' '}
          <Link to="/approvals/$id" params={{ id: waiting.id }} className="font-medium text-accent">
            {t('lookAndSign')}
          </Link>
        </p>
      )}
      <p role="status" className="mb-3 font-medium">
        {t('progress', { done: integer(done), count: outcomes.length })}
      </p>
      <OrderParts orders={orders} />
      {open.length === 0 && <OrderAgain id={first.id} outcomes={outcomes} />}
      <OrderOutcomes
        outcomes={outcomes}
        only={only}
        onOnly={(kind) =>
          void navigate({
            search: ({ only: _, ...rest }) => ({ ...rest, ...(kind === undefined ? {} : { only: kind }) }),
            replace: true,
          })
        }
      />
      {open.length > 0 && <StopOrder ids={open.map(({ id }) => id)} isWaiting={waiting !== undefined} />}
    </>
  );
}

/** What runs, as it was signed. */
function Ordered({ id }: { id: string }) {
  const manifest = useOrdered(id);
  return manifest === undefined ? null : (
    <div className="mb-3 max-w-4xl">
      <ActionWords action={manifest.action} />
    </div>
  );
}

/** Whose signature would bring it further, by the charters that are in force. */
function WaitsFor({ orders }: { orders: readonly FollowedOrder[] }) {
  const sites = [...new Set(orders.map(({ siteId }) => siteId))];
  const charters = useCharters(sites);
  const action = useOrdered(orders[0]?.id ?? '')?.action;
  if (action === undefined || charters.length < sites.length) return null;
  const people = helpfulSigners(charters, orders[0]?.signer.split(' ') ?? [], tierOf(action)).map(personOf);
  if (people.length === 0) return t('nobodyCan');
  return t('waitsForPeople', { names: inert([...new Set(people)].join(', ')) });
}
