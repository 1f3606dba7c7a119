// Watch documents as stored: the signed texts as they came, and for which sites.
import { inScope, type Scope } from '#console/access/scope.ts';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import { SiteId } from '#shared/base/id.ts';
import { SignedWatch } from '#shared/model/watch-policy.ts';

export type DocumentState = 'waiting-for-signature' | 'active';

export interface StoredDocument {
  version: number;
  signed: SignedWatch;
  state: DocumentState;
  createdBy: string;
  createdAt: number;
}

const COLUMNS = [
  'watch_document.version',
  'watch_document.text',
  'watch_document.signatures',
  'watch_document.state',
  'watch_document.created_by',
  'watch_document.created_at',
] as const;
interface Row {
  version: number;
  text: string;
  signatures: string;
  state: string;
  created_by: string;
  created_at: number;
}

const toDocument = (row: Row): StoredDocument => ({
  version: Number(row.version),
  signed: SignedWatch.parse({ text: row.text, signatures: JSON.parse(row.signatures) }),
  state: row.state === 'active' ? 'active' : 'waiting-for-signature',
  createdBy: row.created_by,
  createdAt: row.created_at,
});

/** What is in force at a site; undefined while nobody has signed anything for it. */
export async function findActive(db: Db, scope: Scope, site: SiteId): Promise<StoredDocument | undefined> {
  const row = await db
    .selectFrom('watch_site')
    .innerJoin('watch_document', 'watch_document.version', 'watch_site.version')
    .select(COLUMNS)
    .where('watch_site.site_id', '=', site)
    .where(inScope(scope, 'watch_site.site_id'))
    .where('watch_document.state', '=', 'active')
    .orderBy('watch_site.version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : toDocument(row);
}

const versions = (db: Db) =>
  db
    .selectFrom('watch_site')
    .innerJoin('watch_document', 'watch_document.version', 'watch_site.version')
    .select((eb) => ['watch_site.site_id', eb.fn.max('watch_document.version').as('version')])
    .where('watch_document.state', '=', 'active')
    .groupBy('watch_site.site_id');

const bySite = (rows: Awaited<ReturnType<ReturnType<typeof versions>['execute']>>): Map<SiteId, number> =>
  new Map(rows.map(({ site_id, version }) => [SiteId.parse(site_id), Number(version)]));

/** Per site the version in force. */
export const activeVersions = async (db: Db, scope: Scope): Promise<Map<SiteId, number>> =>
  bySite(await versions(db).where(inScope(scope, 'watch_site.site_id')).execute());

export const activeVersionsOf = async (db: Db, sites: readonly SiteId[]): Promise<Map<SiteId, number>> =>
  bySite(
    await versions(db)
      .where('watch_site.site_id', 'in', [...sites])
      .execute(),
  );

/** Of every site, whoever asks. */
export const versionsInForce = async (tx: Tx): Promise<Set<number>> =>
  new Set(bySite(await versions(tx).execute()).values());

export const documentsInForce = async (tx: Tx): Promise<StoredDocument[]> =>
  documentsOf(tx, [...(await versionsInForce(tx))]);

export async function documentsOf(db: Db, versions: readonly number[]): Promise<StoredDocument[]> {
  if (versions.length === 0) return [];
  const rows = await db
    .selectFrom('watch_document')
    .select(COLUMNS)
    .where('version', 'in', [...versions])
    .execute();
  return rows.map(toDocument);
}

/** Drafts that still want a signature and are above what is in force, newest first. */
export async function listWaiting(db: Db): Promise<StoredDocument[]> {
  const rows = await db
    .selectFrom('watch_document')
    .select(COLUMNS)
    .where('state', '=', 'waiting-for-signature')
    .orderBy('version', 'desc')
    .limit(MAX_WAITING)
    .execute();
  return rows.map(toDocument);
}

/** More at once than people can look through; older ones are outrun by then. */
const MAX_WAITING = 200;

/** Beside what is in force so many of the newest stay: what held at a site a while ago can be looked up, and a signer fills no disk. */
export const MAX_FORMER = 500;

/** Forgets the oldest of those that are neither in force nor among the newest; returns how many. */
export async function removeFormer(tx: Tx, inForce: ReadonlySet<number>): Promise<number> {
  const rows = await tx
    .selectFrom('watch_document')
    .select('version')
    .orderBy('version', 'desc')
    .offset(MAX_FORMER)
    .limit(MAX_FORMER)
    .execute();
  const old = rows.map(({ version }) => Number(version)).filter((version) => !inForce.has(version));
  if (old.length > 0) await tx.deleteFrom('watch_document').where('version', 'in', old).execute();
  return old.length;
}

export async function highestVersion(db: Db): Promise<number> {
  const row = await db
    .selectFrom('watch_document')
    .select((eb) => eb.fn.max('version').as('version'))
    .executeTakeFirst();
  return Number(row?.version ?? 0);
}

/** Nobody else stores a document of these sites until the transaction ends. */
export async function lockSites(tx: Tx, sites: readonly SiteId[]): Promise<SiteId[]> {
  const rows = await tx
    .selectFrom('site')
    .select('id')
    .where('id', 'in', [...sites])
    .orderBy('id')
    .$call(lockRows(tx))
    .execute();
  return rows.map(({ id }) => SiteId.parse(id));
}

export async function insertDocument(tx: Tx, document: StoredDocument, sites: readonly SiteId[]): Promise<void> {
  const { version, signed, state, createdBy, createdAt } = document;
  const signatures = JSON.stringify(signed.signatures);
  await tx
    .insertInto('watch_document')
    .values({ version, text: signed.text, signatures, state, created_by: createdBy, created_at: createdAt })
    .execute();
  await tx
    .insertInto('watch_site')
    .values(sites.map((site) => ({ site_id: site, version })))
    .execute();
}

export async function setSignatures(tx: Tx, version: number, signed: SignedWatch, state: DocumentState): Promise<void> {
  await tx
    .updateTable('watch_document')
    .set({ signatures: JSON.stringify(signed.signatures), state })
    .where('version', '=', version)
    .execute();
}
