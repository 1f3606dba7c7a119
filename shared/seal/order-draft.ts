// Drafts the manifests of one order, one per relay, for whoever signs them: the command line and the pages alike.
import { AppError } from '#shared/base/errors.ts';
import { type DeviceId, ManifestId, newId, type RelayId, type SiteId } from '#shared/base/id.ts';
import { type Tier, tierOf } from '#shared/model/action-tier.ts';
import type { Charter, Signer, TierRule } from '#shared/model/charter.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { Action, Manifest } from '#shared/model/manifest.ts';
import { MAX_VALIDITY_MS } from './manifest-check.ts';
import { tierRule } from './profile-tiers.ts';
import { rolloutOf, waveEnds } from './rollout.ts';
import { isEnough, missingFor, missingText } from './tier-check.ts';

/** A device as the console names it, with the identity its relay will ask for. */
export interface OrderTarget {
  id: DeviceId;
  siteId: SiteId;
  relayId: RelayId;
  identity: DeviceIdentity;
}

export interface Order {
  targets: readonly OrderTarget[];
  action: Action;
  timeoutMs: number;
  outputBytes: number;
  concurrency: number;
  reason: string;
  /** How long it waits for devices and relays that are away. */
  validForMs: number;
  /** More care than the tier's rule asks for. */
  rollout?: Manifest['rollout'];
}

export type Charters = ReadonlyMap<string, Charter>;

export interface OrderDraft {
  manifests: Manifest[];
  /** What every site among them asks for together. */
  rule: TierRule;
}

/** `charters` holds that of every site among the targets. */
export function draftOrder(order: Order, charters: Charters, now: number): OrderDraft {
  if (order.targets.length === 0) throw new AppError('not-found', 'no device to run on');
  const rule = strictestRule([...charters.values()], tierOf(order.action));
  const groups = [...groupByRelay(order.targets)];
  const largest = Math.max(...groups.map(([, targets]) => targets.length));
  const waits = waitsMs(order, rule, { largest, relays: groups.length });
  const manifests = groups.map(([relay, targets]): Manifest => {
    const site = targets[0]?.siteId;
    const charterVersion = site === undefined ? undefined : charters.get(site)?.version;
    if (site === undefined || charterVersion === undefined)
      throw new AppError('charter-invalid', `relay ${relay}: its site has no charter`);
    return {
      v: 1,
      id: ManifestId.parse(newId(now)),
      site,
      relay,
      targets: targets.map((target) => ({ device: target.id, identity: target.identity })),
      action: order.action,
      nbf: now,
      exp: now + Math.min(MAX_VALIDITY_MS, order.validForMs + waits),
      charterVersion,
      caps: { timeoutMs: order.timeoutMs, outputBytes: order.outputBytes, concurrency: order.concurrency },
      reason: order.reason,
      ...(order.rollout === undefined ? {} : { rollout: order.rollout }),
    };
  });
  return { manifests, rule };
}

/**
 * What is no part of the time a relay has to take the order: the time in which it can be stopped, the waves before the last
 * one, and at the other relays of a batch all waves of the first.
 */
export function waitsMs(
  order: Pick<Order, 'timeoutMs' | 'concurrency' | 'rollout'>,
  rule: Pick<TierRule, 'stopMs' | 'canary' | 'haltPercent'>,
  { largest, relays }: { largest: number; relays: number },
): number {
  const { canary } = rolloutOf(order, rule);
  if (canary === 0) return rule.stopMs;
  const sizes = waveEnds(largest, canary).map((end, n, ends) => end - (ends[n - 1] ?? 0));
  const wavesMs = sizes.reduce((sum, size) => sum + Math.ceil(size / order.concurrency) * order.timeoutMs, 0);
  return relays > 1 ? 2 * (rule.stopMs + wavesMs) : rule.stopMs + wavesMs;
}

function groupByRelay(targets: readonly OrderTarget[]): Map<RelayId, OrderTarget[]> {
  const groups = new Map<RelayId, OrderTarget[]>();
  for (const target of targets) {
    const group = groups.get(target.relayId);
    if (group === undefined) groups.set(target.relayId, [target]);
    else group.push(target);
  }
  return groups;
}

/** Of one batch over several sites: the most people and the longest wait, the fewest devices and the shortest age. */
export function strictestRule(charters: readonly Charter[], tier: Tier): TierRule {
  const [first, ...rest] = charters.map((charter) => tierRule(charter, tier));
  if (first === undefined) throw new AppError('charter-invalid', 'no site of this order has a charter');
  return rest.reduce(
    (a, b) => ({
      people: Math.max(a.people, b.people),
      rendered: Math.max(a.rendered, b.rendered),
      devicesPerBatch: Math.min(a.devicesPerBatch, b.devicesPerBatch),
      devicesPerTenMinutes: Math.min(a.devicesPerTenMinutes, b.devicesPerTenMinutes),
      stopMs: Math.max(a.stopMs, b.stopMs),
      freshMs: Math.min(a.freshMs, b.freshMs),
      canary: a.canary === 0 || b.canary === 0 ? Math.max(a.canary, b.canary) : Math.min(a.canary, b.canary),
      haltPercent: Math.min(a.haltPercent, b.haltPercent),
    }),
    first,
  );
}

/** What the order lacks once the keys of these ids have signed, in words; undefined when nothing. */
export function lacksAfter(keys: readonly string[], charters: readonly Charter[], tier: Tier): string | undefined {
  for (const charter of charters) {
    const signers = charter.signers.filter(({ key }) => keys.includes(key.id));
    const missing = missingFor(tierRule(charter, tier), signers);
    if (!isEnough(missing)) return missingText(missing);
  }
  return undefined;
}

/** Signers that every one of `charters` names: only their signature counts under the whole of a batch. */
export function commonSigners(charters: readonly Charter[]): Signer[] {
  const [first, ...rest] = charters;
  if (first === undefined) return [];
  return first.signers.filter(({ key }) => rest.every(({ signers }) => signers.some((one) => one.key.id === key.id)));
}

/** Whose signature brings an order nearer to what its tier asks for, once the keys of `signed` have signed it. */
export function helpfulSigners(charters: readonly Charter[], signed: readonly string[], tier: Tier): Signer[] {
  const rule = strictestRule(charters, tier);
  const common = commonSigners(charters);
  const before = common.filter(({ key }) => signed.includes(key.id));
  const lacking = (signers: readonly Signer[]) => {
    const { people, rendered, technician } = missingFor(rule, signers);
    return people + rendered + Number(technician);
  };
  return common.filter(
    (signer) =>
      signer.role !== 'guardian' && !before.includes(signer) && lacking([...before, signer]) < lacking(before),
  );
}

/** Until when a signature still helps: relays take no order that is too old, nor one that ends before it could start. */
export const signBefore = (manifests: readonly Manifest[], { freshMs, stopMs }: TierRule): number =>
  Math.min(...manifests.map(({ nbf, exp }) => Math.min(nbf + freshMs, exp - stopMs)));
