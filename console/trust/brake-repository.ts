// Freezes and thaws as stored: per site the newest of each kind, and a thaw that waits for more signatures.
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

export interface JudgedBrake {
  site: SiteId;
  brake: Brake;
  signed: SignedBrake;
}

export async function putBrake(tx: Tx, { site, brake, signed }: JudgedBrake, now: EpochMs): Promise<void> {
  const values = { id: brake.id, at: brake.at, signed: JSON.stringify(signed), created_at: now };
  await tx
    .insertInto('site_brake')
    .values({ site_id: site, kind: brake.kind, ...values })
    .onConflict((conflict) => conflict.columns(['site_id', 'kind']).doUpdateSet(values))
    .execute();
}

/** The thaw that waits at a site; undefined when none does. */
export async function findThaw(db: Db, scope: Scope, site: SiteId): Promise<SignedBrake | undefined> {
  const row = await db
    .selectFrom('site_thaw')
    .select('signed')
    .where('site_id', '=', site)
    .where(inScope(scope, 'site_thaw.site_id'))
    .executeTakeFirst();
  return row && SignedBrake.parse(JSON.parse(row.signed));
}

export async function putThaw(tx: Tx, site: SiteId, signed: SignedBrake, now: EpochMs): Promise<void> {
  const values = { signed: JSON.stringify(signed), created_at: now };
  await tx
    .insertInto('site_thaw')
    .values({ site_id: site, ...values })
    .onConflict((conflict) => conflict.column('site_id').doUpdateSet(values))
    .execute();
}

export async function deleteThaw(tx: Tx, site: SiteId): Promise<void> {
  await tx.deleteFrom('site_thaw').where('site_id', '=', site).execute();
}
