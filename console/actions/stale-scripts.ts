// Orders of a script that was changed or taken out meanwhile: what no device has begun is not begun any more.
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Tx } from '#console/store/engine.ts';
import { ManifestId, RelayId } from '#shared/base/id.ts';
import * as repository from './action-repository.ts';
import { UNHEARD_STATES } from './command-states.ts';
import type { moveAll } from './outcome-repository.ts';

const STALE = 'its script was changed or taken out of the library meanwhile';

interface Stale {
  tx: Tx;
  /** Of the version that is not the newest any more. */
  hash: string;
  at: number;
  end: (actions: readonly repository.Action[], move: Parameters<typeof moveAll>[2]) => Promise<void>;
  audit: (actions: readonly repository.Action[]) => Promise<void>;
  onCancel: (relay: RelayId, action: ManifestId) => void;
}

/** A run that is under way somewhere goes on, and so does its order: half of it is worse than the older whole. */
export async function endStaleScripts({ tx, hash, at, end, audit, onCancel }: Stale): Promise<void> {
  for (const { id, relay } of await ordersOf(tx, hash)) {
    const action = (await repository.lockActionsOf(tx, relay, [id])).get(id);
    if (action === undefined || action.cancelAskedAt !== null || (await isUnderWay(tx, id))) continue;
    if (action.state === 'sent') {
      await repository.setCancelAsked(tx, id, at);
      afterCommit(() => onCancel(relay, id));
    } else await end([action], { from: UNHEARD_STATES, to: 'cancelled', at, detail: STALE });
    await audit([action]);
  }
}

/** The hash stands in the manifest as it was signed; what is open is found by its state, some hundreds at most. */
async function ordersOf(tx: Tx, hash: string): Promise<Array<{ id: ManifestId; relay: RelayId }>> {
  const rows = await tx
    .selectFrom('action')
    .select(['id', 'relay_id'])
    .where('state', 'in', ['waiting-for-signature', 'queued', 'sent'])
    .where('name', 'in', ['script.run', 'script.try'])
    .where('manifest', 'like', `%"hash":"${hash}"%`)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ id: ManifestId.parse(row.id), relay: RelayId.parse(row.relay_id) }));
}

async function isUnderWay(tx: Tx, id: ManifestId): Promise<boolean> {
  const row = await tx
    .selectFrom('action_outcome')
    .select('device_id')
    .where('action_id', '=', id)
    .where('state', '=', 'started')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
