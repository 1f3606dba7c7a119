// Sealed variables as stored: the newest version of each name, per site; a deletion stays as the version that must be passed.
import { inScope, type Scope } from '#console/access/scope.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { RelayId, SiteId } from '#shared/base/id.ts';
import { SealedVariable, type VariableStatement } from '#shared/model/variable.ts';

export interface StoredVariable {
  site: SiteId;
  sealed: SealedVariable;
  /** Id of the key that signed it. */
  signer: string;
  storedAt: EpochMs;
}

/** `site` undefined: of every site in scope. */
export async function findVariables(db: Db, scope: Scope, site: SiteId | undefined): Promise<StoredVariable[]> {
  const rows = await db
    .selectFrom('sealed_variable')
    .select(['site_id', 'sealed', 'signer', 'stored_at'])
    .where(inScope(scope, 'sealed_variable.site_id'))
    .$if(site !== undefined, (query) => query.where('site_id', '=', site ?? ''))
    .orderBy('site_id')
    .orderBy('name')
    .execute();
  return rows.map((row) => ({
    site: SiteId.parse(row.site_id),
    sealed: SealedVariable.parse(JSON.parse(row.sealed)),
    signer: row.signer,
    storedAt: Number(row.stored_at),
  }));
}

/** Relays of sites that a variable has to reach. */
export async function findHolders(db: Db, scope: Scope): Promise<Array<{ relay: RelayId; site: SiteId }>> {
  const rows = await db
    .selectFrom('relay')
    .select(['id', 'site_id'])
    .where('revoked_at', 'is', null)
    .where(inScope(scope, 'relay.site_id'))
    .orderBy('name')
    .execute();
  return rows.map((row) => ({ relay: RelayId.parse(row.id), site: SiteId.parse(row.site_id) }));
}

/** False when there is no such site; it stays as it is until the end of the transaction. */
export async function lockSite(tx: Tx, scope: Scope, site: SiteId): Promise<boolean> {
  const row = await tx
    .selectFrom('site')
    .select('id')
    .where('id', '=', site)
    .where(inScope(scope, 'site.id'))
    .$call(lockRows(tx))
    .executeTakeFirst();
  return row !== undefined;
}

/** Version that is stored, 0 for none; and how many names the site has. */
export async function variableVersions(tx: Tx, { site, name }: VariableStatement) {
  const rows = await tx.selectFrom('sealed_variable').select(['name', 'version']).where('site_id', '=', site).execute();
  return { known: Number(rows.find((row) => row.name === name)?.version ?? 0), count: rows.length };
}

export async function putVariable(tx: Tx, statement: VariableStatement, stored: StoredVariable): Promise<void> {
  const values = {
    version: statement.version,
    sealed: JSON.stringify(stored.sealed),
    signer: stored.signer,
    stored_at: stored.storedAt,
  };
  await tx
    .insertInto('sealed_variable')
    .values({ site_id: stored.site, name: statement.name, ...values })
    .onConflict((conflict) => conflict.columns(['site_id', 'name']).doUpdateSet(values))
    .execute();
}
