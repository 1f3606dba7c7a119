// What somebody else is asked to sign, worked out from the manifests alone: the one statement over all of them, or a refusal.
import { AppError } from '#shared/base/errors.ts';
import type { Manifest, SignedManifest } from '#shared/model/manifest.ts';
import { canonicalJson } from './canonical.ts';
import { readManifest, statementFor } from './manifest-seal.ts';

/**
 * The one statement that covers all of `signed`, and every manifest under it. A console that shows a part of a batch,
 * parts of two, or one part that orders something else, is caught here: what is not shown would be signed unseen.
 */
export async function openBatch(
  signed: readonly SignedManifest[],
): Promise<{ statement: string; manifests: Manifest[] }> {
  const [first] = signed;
  if (first === undefined) throw new AppError('not-found', 'nothing waits for a signature there');
  const statement = await statementFor(first);
  for (const one of signed)
    if ((await statementFor(one)) !== statement)
      throw new AppError('signature-invalid', 'the console shows manifests of two batches as one');
  const manifests = signed.map(({ manifest }) => readManifest(manifest));
  const places = new Set(signed.map(({ batch }) => batch.index)).size;
  const devices = manifests.reduce((sum, { targets }) => sum + targets.length, 0);
  if (places !== first.batch.count || signed.length !== places || devices !== first.batch.total)
    throw new AppError(
      'signature-invalid',
      `the console shows ${devices} of the ${first.batch.total} devices this signature would reach`,
    );
  assertOneOrder(manifests);
  return { statement, manifests };
}

/** What is rendered of a batch is one order for many devices: a part that does something else would be signed unseen. */
function assertOneOrder(manifests: readonly Manifest[]): void {
  const orders = manifests.map(({ action, caps, reason, rollout, nbf, exp }) =>
    canonicalJson({ action, caps, reason, nbf, exp, ...(rollout === undefined ? {} : { rollout }) }),
  );
  if (new Set(orders).size > 1)
    throw new AppError('signature-invalid', 'the parts of this batch do not all order the same');
}
