// Opens a session that a person has signed: handed over, then waited for until the relay says that it stands.
import { exactApi } from '#console/web/src/api/api.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { ManifestId } from '#shared/base/id.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { PasskeySignature } from '#shared/model/manifest.ts';
import { sealBatch } from '#shared/seal/manifest-seal.ts';
import type { SessionDraft } from './session-draft.ts';

/** Of asking whether it stands by now: a person looks at it. */
const ASK_MS = 200;

/** Before it stands; every other state but that is an end. The full list travels with schemas that no page of a session needs. */
const COMING: ReadonlySet<string> = new Set(['queued', 'sent', 'accepted']);

/** The id under which the console carries it. */
export async function handOver({ batch }: SessionDraft, signature: PasskeySignature): Promise<ManifestId> {
  const { ids } = await exactApi.actions.submit({ signed: sealBatch(batch.parts, [signature]) });
  return ManifestId.parse(ids[0]);
}

/** Resolves once it stands; throws what the relay said where it opened none, and the signal's reason. */
export async function untilOpen(
  id: ManifestId,
  { clock, signal, onState }: { clock: Clock; signal: AbortSignal; onState: (state: string) => void },
): Promise<void> {
  for (;;) {
    const { outcomes, state } = await exactApi.actions.show({ id }, { signal });
    const outcome = outcomes[0];
    if (outcome?.state === 'started') return;
    if (outcome !== undefined && !COMING.has(outcome.state))
      throw new AppError('unavailable', inert(outcome.detail ?? outcome.state));
    onState(state);
    await clock.sleep(ASK_MS, signal);
  }
}
