// One order that waits for a signature, opened as the command line opens it: nothing the console says of it is taken.

import { AppError } from '#shared/base/errors.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Charter, Signer, TierRule } from '#shared/model/charter.ts';
import type { Manifest, SignedManifest } from '#shared/model/manifest.ts';
import { openBatch } from '#shared/seal/batch-open.ts';
import { verifySignedManifest } from '#shared/seal/manifest-seal.ts';
import { helpfulSigners, lacksAfter, signBefore, strictestRule } from '#shared/seal/order-draft.ts';

export interface WaitingBatch {
  statement: string;
  manifests: Manifest[];
  charters: Charter[];
  rule: TierRule;
  /** Proven against the charter. */
  signedBy: Signer[];
  /** Whose signature would bring it further. */
  couldSign: Signer[];
  /** What it lacks, in words. */
  lacks: string | undefined;
  /** After it no relay takes it any more. */
  signBefore: number;
}

/** Throws `signature-invalid` when the parts are not the whole of one batch, or when who signed it did not. */
export async function openWaiting(
  signed: readonly SignedManifest[],
  charterOf: (site: string) => Promise<Charter>,
): Promise<WaitingBatch> {
  const { statement, manifests } = await openBatch(signed);
  const [first] = manifests;
  if (first === undefined) throw new AppError('not-found', 'nothing waits for a signature there');
  const sites = new Map<string, Charter>();
  for (const site of new Set(manifests.map((manifest) => manifest.site))) sites.set(site, await charterOf(site));
  let signedBy: Signer[] = [];
  for (const [n, one] of signed.entries()) {
    const charter = sites.get(manifests[n]?.site ?? '');
    if (charter === undefined) continue;
    if (manifests[n]?.charterVersion !== charter.version)
      throw new AppError(
        'charter-invalid',
        `it was signed under charter ${manifests[n]?.charterVersion}, in force is ${charter.version}`,
      );
    signedBy = (await verifySignedManifest(one, charter)).signers;
  }
  const charters = [...sites.values()];
  const tier = tierOf(first.action);
  const keys = signedBy.map(({ key }) => key.id);
  const rule = strictestRule(charters, tier);
  return {
    statement,
    manifests,
    charters,
    rule,
    signedBy,
    couldSign: helpfulSigners(charters, keys, tier),
    lacks: lacksAfter(keys, charters, tier),
    signBefore: signBefore(manifests, rule),
  };
}
