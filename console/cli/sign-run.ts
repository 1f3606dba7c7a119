// Makes and signs the manifests of one run on this machine: one per relay, one signature for all.
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { ManifestId, newId, type RelayId } from '#shared/base/id.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { type Tier, tierOf } from '#shared/model/action-tier.ts';
import type { Charter, TierRule } from '#shared/model/charter.ts';
import type { Action, Manifest, SignedManifest } from '#shared/model/manifest.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { signBatch } from '#shared/seal/manifest-seal.ts';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { isEnough, missingFor, missingText } from '#shared/seal/tier-check.ts';
import type { Api } from './client.ts';
import { loadSigner } from './signer-key.ts';

export interface RunOrder {
  targets: readonly DeviceTarget[];
  action: Action;
  timeoutMs: number;
  outputBytes: number;
  concurrency: number;
  reason: string;
  /** How long a relay that is away may still take it. */
  validForMs: number;
  /** Another signing key than that of the data folder. */
  keyFile?: string | undefined;
  /** Shown before it is signed. */
  onDraft?: (draft: RunDraft) => void;
}

/** What is to be signed, for whoever wants to look at it first. */
export interface RunDraft {
  manifests: Manifest[];
  /** Of the strictest site among them. */
  rule: TierRule;
  /** What the order lacks once this key has signed, in words; undefined when nothing. */
  lacks: string | undefined;
}

async function chartersOf(api: Api, siteIds: ReadonlySet<string>): Promise<Map<string, Charter>> {
  const charters = new Map<string, Charter>();
  for (const id of siteIds) charters.set(id, await readCharter((await api.sites.charter({ id })).signed));
  return charters;
}

function groupByRelay(targets: readonly DeviceTarget[]): Map<RelayId, DeviceTarget[]> {
  const groups = new Map<RelayId, DeviceTarget[]>();
  for (const target of targets) {
    const group = groups.get(target.relayId);
    if (group === undefined) groups.set(target.relayId, [target]);
    else group.push(target);
  }
  return groups;
}

/** Signed with the key in `<data>/cli`, or the one in `keyFile`; the console only carries the result. */
export async function signRun(api: Api, data: string, order: RunOrder, clock: Clock): Promise<SignedManifest[]> {
  if (order.targets.length === 0) throw new AppError('not-found', 'no device to run on');
  const signer = await loadSigner(data, order.keyFile);
  const charters = await chartersOf(api, new Set(order.targets.map((target) => target.siteId)));
  const tier = tierOf(order.action);
  const rules = [...charters.values()].map((charter) => tierRule(charter, tier));
  const rule = rules.reduce((a, b) => (b.people > a.people || b.stopMs > a.stopMs ? b : a));
  const manifests = draftManifests(order, charters, {
    now: clock.now(),
    stopMs: Math.max(...rules.map((r) => r.stopMs)),
  });
  order.onDraft?.({ manifests, rule, lacks: lacksAfter(signer.publicKey.id, [...charters.values()], tier) });
  return signBatch(manifests, signer);
}

function draftManifests(
  order: RunOrder,
  charters: ReadonlyMap<string, Charter>,
  { now, stopMs }: { now: number; stopMs: number },
): Manifest[] {
  return [...groupByRelay(order.targets)].map(([relay, targets]): Manifest => {
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
      exp: now + order.validForMs + stopMs,
      charterVersion,
      caps: { timeoutMs: order.timeoutMs, outputBytes: order.outputBytes, concurrency: order.concurrency },
      reason: order.reason,
    };
  });
}

function lacksAfter(key: string, charters: readonly Charter[], tier: Tier): string | undefined {
  for (const charter of charters) {
    const missing = missingFor(
      tierRule(charter, tier),
      charter.signers.filter((signer) => signer.key.id === key),
    );
    if (!isEnough(missing)) return missingText(missing);
  }
  return undefined;
}
