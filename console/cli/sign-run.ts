// Makes and signs the manifests of one run on this machine: one per relay, one signature for all.
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { ManifestId, newId, type RelayId } from '#shared/base/id.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { Charter } from '#shared/model/charter.ts';
import type { Action, Manifest, SignedManifest } from '#shared/model/manifest.ts';
import { parseCanonical } from '#shared/seal/canonical.ts';
import { signBatch } from '#shared/seal/manifest-seal.ts';
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
}

async function charterVersions(api: Api, siteIds: ReadonlySet<string>): Promise<Map<string, number>> {
  const versions = new Map<string, number>();
  for (const id of siteIds) {
    const { signed } = await api.sites.charter({ id });
    versions.set(id, Charter.parse(parseCanonical(signed.charter)).version);
  }
  return versions;
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

/** Signed with the key in `<data>/cli`; the console only carries the result. */
export async function signRun(api: Api, data: string, order: RunOrder, clock: Clock): Promise<SignedManifest[]> {
  if (order.targets.length === 0) throw new AppError('not-found', 'no device to run on');
  const versions = await charterVersions(api, new Set(order.targets.map((target) => target.siteId)));
  const now = clock.now();
  const manifests = [...groupByRelay(order.targets)].map(([relay, targets]): Manifest => {
    const site = targets[0]?.siteId;
    const charterVersion = site === undefined ? undefined : versions.get(site);
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
      exp: now + order.validForMs,
      charterVersion,
      caps: { timeoutMs: order.timeoutMs, outputBytes: order.outputBytes, concurrency: order.concurrency },
      reason: order.reason,
    };
  });
  return signBatch(manifests, await loadSigner(data));
}
