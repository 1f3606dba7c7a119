// Orders that wait for more people: which belong to one signed batch, and what one more signature makes of them.
import type { Scope } from '#console/access/scope.ts';
import type { Db } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import type { ManifestId } from '#shared/base/id.ts';
import { MAX_SIGNATURES, type Signature, type SignedManifest, signaturesOf } from '#shared/model/manifest.ts';
import { countersigned } from '#shared/seal/manifest-seal.ts';
import { listWaiting, type WaitingAction } from './action-repository.ts';

/** `id` and all others that wait under the same first signature: one statement covers them. */
export async function waitingBatch(db: Db, scope: Scope, id: ManifestId): Promise<WaitingAction[]> {
  const waiting = await listWaiting(db, scope);
  const asked = waiting.find((action) => action.id === id);
  if (asked === undefined) throw new AppError('conflict', `action ${id} waits for no signature`);
  const first = JSON.stringify(asked.signed.signature);
  return waiting.filter(({ signed }) => JSON.stringify(signed.signature) === first);
}

export function withOneMore(signed: SignedManifest, signature: Signature): SignedManifest {
  if (signaturesOf(signed).length >= MAX_SIGNATURES)
    throw new AppError('conflict', `an order takes ${MAX_SIGNATURES} signatures at most`);
  return countersigned(signed, signature);
}
