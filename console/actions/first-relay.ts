// The first relay of a batch goes alone; what came of it decides whether the other relays ever hear of their part.
import type { Tx } from '#console/store/engine.ts';
import type { ManifestId } from '#shared/base/id.ts';
import type { Manifest, SignedManifest } from '#shared/model/manifest.ts';
import { CommandState } from '#shared/model/record.ts';
import { isFailure, isOverBound, type Rollout } from '#shared/seal/rollout.ts';
import { type Action, lockFollowers, setFree } from './action-repository.ts';
import { countStates } from './outcome-repository.ts';

interface Part {
  manifest: Manifest;
  signed: SignedManifest;
  rollout?: Rollout | undefined;
}

/** Which parts of the batches among `parts` wait, and for whom; none where no rule asks for a canary. */
export function followersOf(parts: readonly Part[]): Map<ManifestId, { id: ManifestId; haltPercent: number }> {
  const batches = new Map<string, Part[]>();
  for (const part of parts) {
    const key = JSON.stringify(part.signed.signature);
    batches.set(key, [...(batches.get(key) ?? []), part]);
  }
  const waiting = new Map<ManifestId, { id: ManifestId; haltPercent: number }>();
  for (const batch of batches.values()) {
    if (!batch.some(({ rollout }) => (rollout?.canary ?? 0) > 0)) continue;
    const [first, ...others] = batch.toSorted((a, b) => a.signed.batch.index - b.signed.batch.index);
    const haltPercent = Math.min(...batch.map(({ rollout }) => rollout?.haltPercent ?? 100));
    if (first !== undefined)
      for (const { manifest } of others) waiting.set(manifest.id, { id: first.manifest.id, haltPercent });
  }
  return waiting;
}

export interface Verdict {
  /** They are freed already, and wait for nobody. */
  free: Action[];
  halted: Action[];
  why: string;
}

/** Whether what waits for the action `id` may go on: it is settled, or only devices that are away are left of it. */
export async function judgeFirst(tx: Tx, id: ManifestId): Promise<Verdict> {
  const followers = await lockFollowers(tx, id);
  if (followers.length === 0) return { free: [], halted: [], why: '' };
  const counts = Object.entries((await countStates(tx, [id])).get(id) ?? {});
  const count = (is: (state: CommandState) => boolean) =>
    counts.reduce((sum, [state, n]) => (is(CommandState.parse(state)) ? sum + n : sum), 0);
  const failures = count(isFailure);
  const devices = count(() => true);
  // A device that is away says nothing of the order, and is no reason to keep it from all others.
  const untold = count((state) => state !== 'succeeded' && state !== 'waiting' && !isFailure(state));
  const haltPercent = Math.min(...followers.map((follower) => follower.haltPercent ?? 100));
  if (untold === 0 && !isOverBound(failures, devices, { canary: 0, haltPercent })) {
    await setFree(
      tx,
      followers.map((follower) => follower.id),
    );
    return { free: followers, halted: [], why: '' };
  }
  const succeeded = count((state) => state === 'succeeded');
  return {
    free: [],
    halted: followers,
    why: `the first relay did not go well: ${succeeded} of ${devices} devices succeeded`,
  };
}
