// Drafts the manifests of one order, one per relay, for whoever signs them: the command line and the pages alike.
import { AppError } from '#shared/base/errors.ts';
import { type DeviceId, ManifestId, newId, type RelayId, type SiteId } from '#shared/base/id.ts';
import { type Tier, tierOf } from '#shared/model/action-tier.ts';
import type { Charter, Signer, TierRule } from '#shared/model/charter.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { Action, Manifest } from '#shared/model/manifest.ts';
import { tierRule } from './profile-tiers.ts';
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
  /** How long a relay that is away may still take it. */
  validForMs: number;
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
  const manifests = [...groupByRelay(order.targets)].map(([relay, targets]): Manifest => {
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
      // The time in which it can be stopped is no part of the time a relay has to take it.
      exp: now + order.validForMs + rule.stopMs,
      charterVersion,
      caps: { timeoutMs: order.timeoutMs, outputBytes: order.outputBytes, concurrency: order.concurrency },
      reason: order.reason,
    };
  });
  return { manifests, rule };
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
