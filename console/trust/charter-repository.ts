// The charters of a site as stored: every version stays, the highest is in force.
import { inScope, type Scope } from '#console/access/scope.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { SiteId } from '#shared/base/id.ts';
import { Charter, SignedCharter, type Signer } from '#shared/model/charter.ts';

export interface StoredCharter {
  version: number;
  signed: SignedCharter;
}

/** The charter in force at a site, or undefined when it has none (or lies outside the scope). */
export async function findCharter(db: Db, scope: Scope, site: SiteId): Promise<StoredCharter | undefined> {
  const row = await db
    .selectFrom('charter')
    .select(['version', 'signed'])
    .where('site_id', '=', site)
    .where(inScope(scope, 'charter.site_id'))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { version: Number(row.version), signed: SignedCharter.parse(JSON.parse(row.signed)) };
}

/** Locks a site's charters until the end of the transaction and says which version is in force; 0 for none. */
export async function lockCharters(tx: Tx, site: SiteId): Promise<number> {
  await tx.selectFrom('site').select('id').where('id', '=', site).$call(lockRows(tx)).execute();
  const row = await tx
    .selectFrom('charter')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('site_id', '=', site)
    .executeTakeFirst();
  return Number(row?.version ?? 0);
}

export async function insertCharter(tx: Tx, site: SiteId, charter: StoredCharter, now: EpochMs): Promise<void> {
  await tx
    .insertInto('charter')
    .values({
      site_id: site,
      version: charter.version,
      signed: JSON.stringify(charter.signed),
      created_at: now,
    })
    .execute();
}

/** Sites that have no charter yet: made while the owner key was not at hand. */
export async function findSitesWithoutCharter(db: Db, scope: Scope): Promise<SiteId[]> {
  const rows = await db
    .selectFrom('site')
    .select('site.id')
    .where(inScope(scope, 'site.id'))
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('charter').select('charter.site_id').whereRef('charter.site_id', '=', 'site.id'))),
    )
    .execute();
  return rows.map((row) => SiteId.parse(row.id));
}

const inForce = (db: Db) =>
  db
    .selectFrom('charter')
    .innerJoin('site', 'site.id', 'charter.site_id')
    .select(['charter.site_id', 'site.name', 'charter.signed'])
    .where(({ eb, selectFrom }) =>
      eb(
        'charter.version',
        '=',
        selectFrom('charter as newer')
          .select(({ fn }) => fn.max('newer.version').as('version'))
          .whereRef('newer.site_id', '=', 'charter.site_id'),
      ),
    );

const readText = (signed: string): Charter =>
  Charter.parse(JSON.parse(SignedCharter.parse(JSON.parse(signed)).charter));

/** When the charter in force of each site ends. */
export async function charterEnds(db: Db): Promise<Array<{ site: SiteId; siteName: string; expiresAt: number }>> {
  return (await inForce(db).execute()).map((row) => ({
    site: SiteId.parse(row.site_id),
    siteName: row.name,
    expiresAt: readText(row.signed).expiresAt,
  }));
}

/** Everybody whom the charter in force of some site names, once for each key. */
export async function charterSigners(db: Db): Promise<Signer[]> {
  const all = (await inForce(db).execute()).flatMap((row) => readText(row.signed).signers);
  return [...new Map(all.map((signer) => [signer.key.id, signer])).values()];
}
