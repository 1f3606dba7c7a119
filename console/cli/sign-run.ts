// Makes and signs the manifests of one run on this machine: one per relay, one signature for all.
import type { Clock } from '#shared/base/clock.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Charter, TierRule } from '#shared/model/charter.ts';
import type { Manifest, SignedManifest } from '#shared/model/manifest.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { signBatch } from '#shared/seal/manifest-seal.ts';
import { draftOrder, lacksAfter, type Order } from '#shared/seal/order-draft.ts';
import type { Api } from './client.ts';
import { loadSigner } from './signer-key.ts';

export interface RunOrder extends Order {
  /** Another signing key than that of the data folder. */
  keyFile?: string | undefined;
  /** Shown before it is signed. */
  onDraft?: (draft: RunDraft) => void;
}

/** What is to be signed, for whoever wants to look at it first. */
export interface RunDraft {
  manifests: Manifest[];
  /** What all sites among them ask for together. */
  rule: TierRule;
  /** What the order lacks once this key has signed, in words; undefined when nothing. */
  lacks: string | undefined;
}

async function chartersOf(api: Api, siteIds: ReadonlySet<string>): Promise<Map<string, Charter>> {
  const charters = new Map<string, Charter>();
  for (const id of siteIds) charters.set(id, await readCharter((await api.sites.charter({ id })).signed));
  return charters;
}

/** Signed with the key in `<data>/cli`, or the one in `keyFile`; the console only carries the result. */
export async function signRun(api: Api, data: string, order: RunOrder, clock: Clock): Promise<SignedManifest[]> {
  const signer = await loadSigner(data, order.keyFile);
  const charters = await chartersOf(api, new Set(order.targets.map((target) => target.siteId)));
  const { manifests, rule } = draftOrder(order, charters, clock.now());
  const lacks = lacksAfter([signer.publicKey.id], [...charters.values()], tierOf(order.action));
  order.onDraft?.({ manifests, rule, lacks });
  return signBatch(manifests, signer);
}
