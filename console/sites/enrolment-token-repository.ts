// Enrolment tokens in the database: hashes, how often they may still be used, and until when.
import { inScope, type Scope } from '#console/access/scope.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import { RelayId, SiteId } from '#shared/base/id.ts';

export interface TokenRow {
  id: string;
  siteId: SiteId;
  kind: 'site' | 'leaf';
  uses: number;
  usesLeft: number;
  expiresAt: number;
  createdAt: number;
  createdBy: string;
  /** The relay whose place the machine takes that uses it. */
  replaces: RelayId | null;
}

const COLUMNS = [
  'id',
  'site_id',
  'kind',
  'uses',
  'uses_left',
  'expires_at',
  'created_at',
  'created_by',
  'replaces_relay_id',
] as const;

interface StoredToken {
  id: string;
  site_id: string;
  kind: string;
  uses: number;
  uses_left: number;
  expires_at: number;
  created_at: number;
  created_by: string;
  replaces_relay_id: string | null;
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
  replaces: row.replaces_relay_id === null ? null : RelayId.parse(row.replaces_relay_id),
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
      replaces_relay_id: token.replaces,
    })
    .execute();
}

/** Whether another machine has taken the relay's place already, by another token than `except`. */
export async function isReplaced(db: Db, relay: RelayId, except = ''): Promise<boolean> {
  const row = await db
    .selectFrom('enrolment_token')
    .select('id')
    .where('replaces_relay_id', '=', relay)
    .where('uses_left', '=', 0)
    .where('id', '!=', except)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
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
