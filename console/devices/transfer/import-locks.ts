// Keeps the devices that an import changes from other changes until its transaction ends.
import { lockRows, type Tx } from '#console/store/engine.ts';
import type { Step } from './import-plan.ts';

// Far below the engines' limits on values.
const IDS_AT_ONCE = 500;

/** In order of their ids, so that two transactions never wait for each other. */
export async function lockChanged(tx: Tx, steps: readonly Step[]): Promise<void> {
  const ids = steps.flatMap((step) => (step.of === 'devices' && step.change === 'update' ? [step.id] : [])).sort();
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE)
    await tx
      .selectFrom('device')
      .select('id')
      .where('id', 'in', ids.slice(from, from + IDS_AT_ONCE))
      .orderBy('id')
      .$call(lockRows(tx))
      .execute();
}
