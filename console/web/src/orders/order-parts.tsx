// The parts of an order, one per relay: its waves, which of them runs, what halted it, and what waits for the first relay.
import { useQuery } from '@tanstack/react-query';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { charterQuery } from '#console/web/src/signing/trust-data.ts';
import { agoText } from '#console/web/src/text/time.ts';
import { LinkButton } from '#console/web/src/ui/button.tsx';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import { signBefore } from '#shared/seal/order-draft.ts';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { rolloutOf } from '#shared/seal/rollout.ts';
import { chosenSearch } from './chosen-devices.ts';
import { type FollowedOrder, useOrdered } from './orders-data.ts';
import { t } from './text.ts';
import { isLate, type Wave, wavesOf } from './waves.ts';

export const OrderParts = ({ orders }: { orders: readonly FollowedOrder[] }) => (
  <ul className="plain-list mb-4 max-w-4xl">
    {orders.map((order) => (
      <Part key={order.id} order={order} isAlone={orders.length === 1} />
    ))}
  </ul>
);

/** By the charter that is in force now: the relay goes by the one it holds. */
function Part({ order, isAlone }: { order: FollowedOrder; isAlone: boolean }) {
  const manifest = useOrdered(order.id);
  const charter = useQuery(charterQuery(order.siteId)).data;
  const relay = useRelays().data?.find(({ id }) => id === order.relayId)?.name ?? '';
  const site = useSites().data?.find(({ id }) => id === order.siteId)?.name ?? '';
  if (manifest === undefined || charter === undefined) return null;
  const rule = tierRule(charter, tierOf(manifest.action));
  const { canary } = rolloutOf(manifest, rule);
  if (canary === 0 && order.waitsFor === null) return null;
  return (
    <li className="order-card">
      <h2 className="section-title mb-1">{isAlone ? t('waves') : t('wavesOf', { relay, site })}</h2>
      <WaveList waves={wavesOf(statesOf(order, manifest), canary)} />
      <Halted order={order} />
      <Late order={order} manifest={manifest} before={signBefore([manifest], rule)} />
    </li>
  );
}

function statesOf({ outcomes }: FollowedOrder, { targets }: Manifest): string[] {
  const states = new Map<string, string>(outcomes.map(({ deviceId, state }) => [deviceId, state]));
  return targets.map(({ device }) => states.get(device) ?? 'queued');
}

const LOOKS: Readonly<Record<Wave['state'], { icon: IconName; tone: string }>> = {
  waiting: { icon: 'clock', tone: 'text-muted' },
  running: { icon: 'play', tone: 'text-accent' },
  done: { icon: 'check', tone: 'text-up' },
  halted: { icon: 'warning', tone: 'text-down' },
};

const WORDS = {
  waiting: 'waveWaiting',
  running: 'waveRunning',
  done: 'waveDone',
  halted: 'waveHalted',
} as const;

function WaveList({ waves }: { waves: readonly Wave[] }) {
  return (
    <ol className="m-0 list-none p-0">
      {waves.map(({ devices, done, failed, state }, n) => {
        const { icon, tone } = LOOKS[state];
        const text = t(WORDS[state], { n: n + 1, count: devices, done });
        return (
          // A wave is known by its number.
          // biome-ignore lint/suspicious/noArrayIndexKey: waves neither move nor go
          <li key={n} className={`flex items-center gap-2 ${tone}`}>
            <Icon name={icon} />
            <span>
              {text}
              {failed > 0 && <span className="text-down"> {t('waveFailed', { failed })}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** Why it halted, in the relay's own words. */
function Halted({ order: { outcomes } }: { order: FollowedOrder }) {
  const halted = outcomes.filter(({ state }) => state === 'halted');
  if (halted.length === 0) return null;
  return (
    <p role="status" className="mt-1 mb-0 text-down wrap-anywhere">
      {t('haltedWhy', { count: halted.length, why: halted[0]?.detail ?? '' })}
    </p>
  );
}

/** A signature grows old while a part waits for the first relay: until when it counts, and the way to a new one. */
function Late({ order, manifest, before }: { order: FollowedOrder; manifest: Manifest; before: number }) {
  const now = useFiveSeconds();
  if (isLate(order, before, now))
    return (
      <div className="mt-2 grid justify-items-start gap-2">
        <p role="status" className="m-0 max-w-prose font-medium text-down">
          {t(order.state === 'settled' ? 'partLate' : 'partTooOld')}
        </p>
        <LinkButton
          to="/orders/new"
          search={{ ...chosenSearch(manifest.targets.map(({ device }) => device)), anew: order.id }}
          icon="refresh"
        >
          {t('signAnew')}
        </LinkButton>
      </div>
    );
  if (order.waitsFor === null || order.state !== 'queued') return null;
  return <p className="mt-1 mb-0 text-muted">{t('partWaits', { ago: agoText(before, now) })}</p>;
}
