// Enrolment tokens in the database: hashes, how often they may still be used, and until when.
import { inScope, type Scope } from '#console/access/scope.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import { SiteId } from '#shared/base/id.ts';

export interface TokenRow {
  id: string;
  siteId: SiteId;
  kind: 'site' | 'leaf';
  uses: number;
  usesLeft: number;
  expiresAt: number;
  createdAt: number;
  createdBy: string;
}

const COLUMNS = ['id', 'site_id', 'kind', 'uses', 'uses_left', 'expires_at', 'created_at', 'created_by'] as const;

interface StoredToken {
  id: string;
  site_id: string;
  kind: string;
  uses: number;
  uses_left: number;
  expires_at: number;
  created_at: number;
  created_by: string;
}

const toToken = (row: StoredToken): TokenRow => ({
  id: row.id,
  siteId: SiteId.parse(row.site_id),
  kind: row.kind === 'leaf' ? 'leaf' : 'site',
  uses: row.uses,
  usesLeft: row.uses_left,
  expiresAt: row.expires_at,
  createdAt: row.created_at,
  createdBy: row.created_by,
});

export async function insertToken(tx: Tx, token: TokenRow & { hash: string }): Promise<void> {
  await tx
    .insertInto('enrolment_token')
    .values({
      id: token.id,
      hash: token.hash,
      site_id: token.siteId,
      kind: token.kind,
      uses: token.uses,
      uses_left: token.usesLeft,
      expires_at: token.expiresAt,
      created_at: token.createdAt,
      created_by: token.createdBy,
    })
    .execute();
}

/** One statement: of many uses at once no more succeed than the token has, under READ COMMITTED too. */
export async function takeUse(tx: Tx, hash: string, now: number): Promise<TokenRow | undefined> {
  const row = await tx
    .updateTable('enrolment_token')
    .set((eb) => ({ uses_left: eb('uses_left', '-', 1) }))
    .where('hash', '=', hash)
    .where('uses_left', '>', 0)
    .where('expires_at', '>', now)
    .returning(COLUMNS)
    .executeTakeFirst();
  return row === undefined ? undefined : toToken(row);
}

export async function findByHash(db: Db, hash: string): Promise<TokenRow | undefined> {
  const row = await db.selectFrom('enrolment_token').select(COLUMNS).where('hash', '=', hash).executeTakeFirst();
  return row === undefined ? undefined : toToken(row);
}

export async function listTokens(db: Db, scope: Scope, now: number): Promise<TokenRow[]> {
  const rows = await db
    .selectFrom('enrolment_token')
    .select(COLUMNS)
    .where(inScope(scope, 'site_id'))
    .where('expires_at', '>', now)
    .where('uses_left', '>', 0)
    .orderBy('created_at')
    .execute();
  return rows.map(toToken);
}
