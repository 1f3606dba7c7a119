// An order that was given: what it still waits for, and how far each device came, live.
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { faultText } from '#console/web/src/api/fault.ts';
import { ActionSheet } from '#console/web/src/device/action-sheet.tsx';
import { stateText } from '#console/web/src/happening/words.ts';
import { useSecond } from '#console/web/src/live/now.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { useCharters } from '#console/web/src/signing/trust-data.ts';
import { integer } from '#console/web/src/text/format.ts';
import { agoText } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { inert } from '#shared/base/inert-text.ts';
import type { ActionOutcome } from '#shared/contract/action-contract.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import { helpfulSigners } from '#shared/seal/order-draft.ts';
import { personOf } from '#shared/seal/signature-check.ts';
import { AttemptLines } from './attempt-lines.tsx';
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

/** From so many on a browser lays out only the lines that are in sight. */
const MANY = 60;

function Order({ orders }: { orders: readonly FollowedOrder[] }) {
  const now = useSecond();
  const [shown, setShown] = useState<ActionOutcome & { action: string }>();
  const [first] = orders;
  const outcomes = orders.flatMap(({ id, outcomes: of }) => of.map((outcome) => ({ ...outcome, action: id })));
  const waiting = orders.find(({ state }) => state === 'waiting-for-signature');
  const open = orders.filter(({ state }) => state !== 'settled');
  const done = outcomes.filter(({ state }) => !OPEN.has(state)).length;
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
      <ul className={`plain-list mb-4 ${outcomes.length > MANY ? 'plain-list-many' : ''}`}>
        {outcomes.map((outcome) => (
          <OutcomeLine
            key={`${outcome.action} ${outcome.deviceId}`}
            outcome={outcome}
            onShow={() => setShown(outcome)}
          />
        ))}
      </ul>
      {open.length > 0 && <StopOrder ids={open.map(({ id }) => id)} isWaiting={waiting !== undefined} />}
      <ActionSheet action={shown?.action} device={shown?.deviceId ?? ''} onClose={() => setShown(undefined)} />
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

const OPEN: ReadonlySet<string> = new Set(['queued', 'sent', 'accepted', 'waiting', 'started']);

interface Look {
  icon: IconName;
  tone: string;
}

function lookOf(state: string): Look {
  if (state === 'succeeded') return { icon: 'check', tone: 'text-up' };
  return OPEN.has(state) ? { icon: 'clock', tone: 'text-muted' } : { icon: 'warning', tone: 'text-down' };
}

function OutcomeLine({ outcome, onShow }: { outcome: ActionOutcome; onShow: () => void }) {
  const { icon, tone } = lookOf(outcome.state);
  const line = (outcome.stdout ?? outcome.detail ?? '').split('\n')[0] ?? '';
  return (
    <li className="order-card" data-state={outcome.state}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Icon name={icon} className={tone} />
        <Link to="/devices/$id" params={{ id: outcome.deviceId }} className="quiet-link font-medium">
          {outcome.deviceName}
        </Link>
        <span className={tone}>
          {stateText(outcome.state)}
          {outcome.exitCode !== null && `, ${t('exitCode', { code: outcome.exitCode })}`}
        </span>
        {!OPEN.has(outcome.state) && (
          <span className="ml-auto">
            <Button isSmall kind="quiet" onClick={onShow}>
              {t('output')}
            </Button>
          </span>
        )}
      </div>
      {line !== '' && <p className="mt-1 mb-0 font-mono text-xs text-muted wrap-anywhere">{line.slice(0, 200)}</p>}
      <AttemptLines attempts={outcome.attempts} isWaiting={outcome.state === 'waiting'} />
    </li>
  );
}
