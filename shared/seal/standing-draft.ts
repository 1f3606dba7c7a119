// Drafts a standing order or its withdrawal for whoever signs it: the command line and the pages alike.
import { AppError } from '#shared/base/errors.ts';
import { newId, type RelayId, type SiteId, StandingId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Action, Manifest } from '#shared/model/manifest.ts';
import { StandingOrder, type StandingRule, type Trigger, type Withdrawal } from '#shared/model/standing-order.ts';
import type { OrderTarget } from './order-draft.ts';
import { checkStandingPlace, standingText } from './standing-seal.ts';

export interface StandingAsk {
  /** Devices of one relay, or a rule for the devices of one. */
  reach: { targets: readonly OrderTarget[] } | { rule: StandingRule; site: SiteId; relay: RelayId };
  name: string;
  trigger: Trigger;
  action: Action;
  timeoutMs: number;
  outputBytes: number;
  concurrency: number;
  coolDownMs: number;
  /** How long it stands. */
  standsMs: number;
  reason: string;
  rollout?: Manifest['rollout'];
}

function placeOf({ reach }: StandingAsk): Pick<StandingOrder, 'site' | 'relay' | 'targets' | 'rule'> {
  if ('rule' in reach) return { site: reach.site, relay: reach.relay, targets: [], rule: reach.rule };
  const [first] = reach.targets;
  if (first === undefined) throw new AppError('bad-request', 'name the devices it may act on');
  if (reach.targets.some(({ relayId }) => relayId !== first.relayId))
    throw new AppError('bad-request', 'a standing order stands at one relay: name devices of one relay');
  const targets = reach.targets.map(({ id: device, identity }) => ({ device, identity }));
  return { site: first.siteId, relay: first.relayId, targets };
}

export function draftStanding(ask: StandingAsk, charterVersion: number, now: number): StandingOrder {
  const { name, trigger, action, timeoutMs, outputBytes, concurrency, coolDownMs, reason, rollout } = ask;
  return StandingOrder.parse({
    v: 1,
    kind: 'standing',
    id: newId(now),
    ...placeOf(ask),
    ...{ name, trigger, action, coolDownMs, charterVersion, reason },
    caps: { timeoutMs, outputBytes, concurrency },
    nbf: now,
    exp: now + ask.standsMs,
    ...(rollout === undefined ? {} : { rollout }),
  });
}

/** Why its relay would refuse it whoever signed, in words; undefined when nothing stands against it. */
export function standingHindrance(order: StandingOrder, charter: Charter, now: number): string | undefined {
  try {
    checkStandingPlace(order, { site: order.site, charter, now, since: 0 });
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

/** The same order once more: another id, another beginning, all else as it was. */
export function standingAnew(order: StandingOrder, charterVersion: number, now: number): StandingOrder {
  const id = StandingId.parse(newId(now));
  return { ...order, id, charterVersion, nbf: now, exp: now + (order.exp - order.nbf) };
}

export const draftWithdrawal = (
  { id, site, relay }: Pick<StandingOrder, 'id' | 'site' | 'relay'>,
  reason: string,
  now: number,
): Withdrawal => ({ v: 1, kind: 'withdrawal', id, site, relay, at: now, reason });

export const withdrawalText = (withdrawal: Withdrawal): string => standingText(withdrawal);
