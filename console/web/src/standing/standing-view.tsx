// A standing order in plain words, from its signed text alone: what, when, on which devices or by which rule, how often, until when.
import type { ReactNode } from 'react';
import { faultText } from '#console/web/src/api/fault.ts';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { ActionWords, Fact } from '#console/web/src/orders/order-view.tsx';
import type { Names } from '#console/web/src/orders/orders-data.ts';
import { ruleText, tierText } from '#console/web/src/signing/charter-view.tsx';
import { duration, quantityText } from '#console/web/src/text/format.ts';
import { agoText, fullTime } from '#console/web/src/text/time.ts';
import { inert, inertLines } from '#shared/base/inert-text.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { StandingOrder, StandingRule } from '#shared/model/standing-order.ts';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { useMatches } from './standing-data.ts';
import { triggerText } from './standing-words.ts';
import { t } from './text.ts';

interface StandingViewProps {
  order: StandingOrder;
  charter: Charter | undefined;
  names: Names;
  children?: ReactNode;
}

export function StandingView({ order, charter, names, children }: StandingViewProps) {
  const now = useFiveSeconds();
  const tier = tierOf(order.action);
  const { timeoutMs, outputBytes, concurrency } = order.caps;
  const bounds = { time: duration(timeoutMs), output: quantityText(outputBytes, 'bytes'), count: concurrency };
  return (
    <dl className="order-facts">
      <Fact name={t('what')}>
        <ActionWords action={order.action} />
      </Fact>
      <Fact name={t('when')}>{triggerText(order.trigger, (device) => names.get(device) ?? device)}</Fact>
      <Fact name={t('where')}>
        <Where order={order} names={names} />
      </Fact>
      <Fact name={t('rests')}>{t('restsFor', { time: duration(order.coolDownMs) })}</Fact>
      <Fact name={t('bounds')}>{t('boundsOf', bounds)}</Fact>
      <Fact name={t('needs')}>
        {tierText(tier)}
        {charter !== undefined && <span className="block">{ruleText(tierRule(charter, tier))}</span>}
      </Fact>
      {children}
      <Fact name={t('until')}>{t('validUntil', { time: fullTime(order.exp), ago: agoText(order.exp, now) })}</Fact>
      <Fact name={t('why')}>{order.reason === '' ? t('noReason') : inertLines(order.reason)}</Fact>
    </dl>
  );
}

export function useRelayName(id: string): string {
  const found = useRelays().data?.find((relay) => relay.id === id);
  return found === undefined ? t('unknownRelay') : found.name;
}

/** Named one by one; of more the rest is counted. */
const MAX_NAMED = 60;

function Where({ order: { relay, targets, rule }, names }: Pick<StandingViewProps, 'order' | 'names'>) {
  const name = useRelayName(relay);
  if (rule !== undefined) return <ByRule relayId={relay} relay={name} rule={rule} />;
  return (
    <>
      <p className="mt-0 mb-1">{t('devices', { count: targets.length, relay: name })}</p>
      <NameList items={targets.map(({ device }) => ({ id: device, name: names.get(device) ?? device }))} />
    </>
  );
}

function NameList({ items }: { items: ReadonlyArray<{ id: string; name: string }> }) {
  return (
    <ul className="m-0 list-none columns-[14rem] p-0">
      {items.slice(0, MAX_NAMED).map(({ id, name }) => (
        <li key={id}>{inert(name)}</li>
      ))}
      {items.length > MAX_NAMED && <li>{t('andMore', { count: items.length - MAX_NAMED })}</li>}
    </ul>
  );
}

function ByRule({ relayId, relay, rule: { text, atMost } }: { relayId: string; relay: string; rule: StandingRule }) {
  return (
    <>
      <p className="mt-0 mb-1">{t('byRule', { relay })}</p>
      <pre className="order-text">{inert(text)}</pre>
      <p className="mt-1 mb-1">{t('ruleSays')}</p>
      <p className="mt-0 mb-1">{t('ruleLater', { count: atMost })}</p>
      <Fitting relayId={relayId} rule={text} atMost={atMost} />
    </>
  );
}

/** What fits now, by the console's knowledge: for whoever looks, and for nothing else. */
export function Fitting({ relayId, rule, atMost }: { relayId: string; rule: string; atMost: number }) {
  const read = useMatches(relayId, rule, true);
  if (read.isError) return <p className="m-0 text-muted">{t('fitNotRead', { why: faultText(read.error) })}</p>;
  if (read.data === undefined) return null;
  const { items, unknown } = read.data;
  return (
    <div role="status" className="text-muted">
      <p className="m-0">{items.length === 0 ? t('fitNone') : t('fitNow', { count: items.length })}</p>
      {items.length > atMost && <p className="m-0 font-medium text-down">{t('fitTooMany')}</p>}
      <NameList items={items} />
      {unknown > 0 && <p className="m-0">{t('fitUnknown', { count: unknown })}</p>}
    </div>
  );
}
