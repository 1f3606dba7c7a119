// Sealed credentials as stored: the newest version of each name and slot, per relay; and what relays told of their vaults.
import { inScope, type Scope } from '#console/access/scope.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { RelayId, SiteId } from '#shared/base/id.ts';
import { type CredentialStatement, SealedCredential } from '#shared/model/credential.ts';
import { RelayVault } from '#shared/model/relay-vault.ts';

export interface StoredCredential {
  relay: RelayId;
  site: SiteId;
  sealed: SealedCredential;
  /** Id of the key that signed it. */
  signer: string;
  storedAt: EpochMs;
}

export interface ToldVault {
  relay: RelayId;
  vault: RelayVault;
  toldAt: EpochMs;
}

const COLUMNS = ['relay_id', 'site_id', 'sealed', 'signer', 'stored_at'] as const;

interface Row {
  relay_id: string;
  site_id: string;
  sealed: string;
  signer: string;
  stored_at: number;
}

const ofRow = (row: Row): StoredCredential => ({
  relay: RelayId.parse(row.relay_id),
  site: SiteId.parse(row.site_id),
  sealed: SealedCredential.parse(JSON.parse(row.sealed)),
  signer: row.signer,
  storedAt: Number(row.stored_at),
});

export async function findCredentials(db: Db, scope: Scope): Promise<StoredCredential[]> {
  const rows = await db
    .selectFrom('sealed_credential')
    .select([...COLUMNS])
    .where(inScope(scope, 'sealed_credential.site_id'))
    .orderBy('relay_id')
    .orderBy('name')
    .orderBy('slot')
    .execute();
  return rows.map(ofRow);
}

export async function findCredentialsOf(db: Db, scope: Scope, relay: RelayId): Promise<StoredCredential[]> {
  const rows = await db
    .selectFrom('sealed_credential')
    .select([...COLUMNS])
    .where('relay_id', '=', relay)
    .where(inScope(scope, 'sealed_credential.site_id'))
    .orderBy('name')
    .orderBy('slot')
    .execute();
  return rows.map(ofRow);
}

/** The site of a relay that may be sealed for, locked until the end of the transaction; undefined when there is none such. */
export async function lockSealableRelay(tx: Tx, scope: Scope, relay: RelayId): Promise<SiteId | undefined> {
  const row = await tx
    .selectFrom('relay')
    .select('site_id')
    .where('id', '=', relay)
    .where('revoked_at', 'is', null)
    .where(inScope(scope, 'relay.site_id'))
    .$call(lockRows(tx))
    .executeTakeFirst();
  return row && SiteId.parse(row.site_id);
}

/** Version that is stored; 0 for none. */
export async function versionOf(tx: Tx, { relay, name, slot }: CredentialStatement): Promise<number> {
  const row = await tx
    .selectFrom('sealed_credential')
    .select('version')
    .where('relay_id', '=', relay)
    .where('name', '=', name)
    .where('slot', '=', slot)
    .executeTakeFirst();
  return Number(row?.version ?? 0);
}

export async function countCredentials(tx: Tx, relay: RelayId): Promise<number> {
  const row = await tx
    .selectFrom('sealed_credential')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('relay_id', '=', relay)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

export async function putCredential(tx: Tx, statement: CredentialStatement, stored: StoredCredential): Promise<void> {
  const values = {
    site_id: stored.site,
    version: statement.version,
    sealed: JSON.stringify(stored.sealed),
    signer: stored.signer,
    stored_at: stored.storedAt,
  };
  await tx
    .insertInto('sealed_credential')
    .values({ relay_id: stored.relay, name: statement.name, slot: statement.slot, ...values })
    .onConflict((conflict) => conflict.columns(['relay_id', 'name', 'slot']).doUpdateSet(values))
    .execute();
}

/** False when there was none. */
export async function deleteCredential(
  tx: Tx,
  scope: Scope,
  { relay, name, slot }: Pick<CredentialStatement, 'relay' | 'name' | 'slot'>,
): Promise<boolean> {
  const done = await tx
    .deleteFrom('sealed_credential')
    .where('relay_id', '=', relay)
    .where('name', '=', name)
    .where('slot', '=', slot)
    .where(inScope(scope, 'sealed_credential.site_id'))
    .executeTakeFirst();
  return done.numDeletedRows > 0n;
}

export async function putVault(tx: Tx, relay: RelayId, vault: RelayVault, toldAt: EpochMs): Promise<void> {
  const values = { told: JSON.stringify(vault), told_at: toldAt };
  await tx
    .insertInto('relay_vault')
    .values({ relay_id: relay, ...values })
    .onConflict((conflict) => conflict.column('relay_id').doUpdateSet(values))
    .execute();
}

export async function findVaults(db: Db, scope: Scope): Promise<ToldVault[]> {
  const rows = await db
    .selectFrom('relay_vault')
    .innerJoin('relay', 'relay.id', 'relay_vault.relay_id')
    .select(['relay_vault.relay_id', 'relay_vault.told', 'relay_vault.told_at'])
    .where(inScope(scope, 'relay.site_id'))
    .execute();
  return rows.map((row) => ({
    relay: RelayId.parse(row.relay_id),
    vault: RelayVault.parse(JSON.parse(row.told)),
    toldAt: Number(row.told_at),
  }));
}
