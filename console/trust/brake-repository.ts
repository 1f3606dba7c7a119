// Freezes and thaws as stored: per site the newest of each kind.
import { inScope, type Scope } from '#console/access/scope.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import type { SiteId } from '#shared/base/id.ts';
import { type Brake, SignedBrake } from '#shared/model/freeze.ts';

export interface StoredBrake {
  kind: string;
  at: EpochMs;
  signed: SignedBrake;
}

/** Oldest first; at most one freeze and one thaw. */
export async function findBrakes(db: Db, scope: Scope, site: SiteId): Promise<StoredBrake[]> {
  const rows = await db
    .selectFrom('site_brake')
    .select(['kind', 'at', 'signed'])
    .where('site_id', '=', site)
    .where(inScope(scope, 'site_brake.site_id'))
    .orderBy('at')
    .execute();
  return rows.map(({ kind, at, signed }) => ({ kind, at, signed: SignedBrake.parse(JSON.parse(signed)) }));
}

export async function putBrake(tx: Tx, brake: Brake, signed: SignedBrake, now: EpochMs): Promise<void> {
  const values = { id: brake.id, at: brake.at, signed: JSON.stringify(signed), created_at: now };
  await tx
    .insertInto('site_brake')
    .values({ site_id: brake.site, kind: brake.kind, ...values })
    .onConflict((conflict) => conflict.columns(['site_id', 'kind']).doUpdateSet(values))
    .execute();
}
