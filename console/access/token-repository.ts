// API tokens in the database: hashes, limits, and when they were used last.
import { z } from 'zod';
import type { Db, Tx } from '#console/store/engine.ts';
import { GrantOver } from '#shared/model/grant.ts';

const TOKEN = [
  'api_token.id',
  'api_token.person_id as personId',
  'api_token.name',
  'api_token.created_at as createdAt',
  'api_token.expires_at as expiresAt',
  'api_token.last_used_at as lastUsedAt',
  'api_token.last_used_from as lastUsedFrom',
  'api_token.limits',
  'api_token.addresses',
  'api_token.is_local as isLocal',
  'api_token.stepped_up as steppedUp',
] as const;

const Limits = z.object({ verbs: z.array(z.string()), over: z.array(GrantOver) });
const Addresses = z.array(z.string());

export interface TokenRow {
  id: string;
  personId: string;
  name: string;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
  lastUsedFrom: string | null;
  /** Null: all that its person may. */
  limits: z.infer<typeof Limits> | null;
  addresses: string[];
  isLocal: boolean;
  isSteppedUp: boolean;
}

type Stored = Omit<TokenRow, 'id' | 'limits' | 'addresses' | 'isLocal' | 'isSteppedUp'> & {
  id: string | null;
  limits: string | null;
  addresses: string;
  isLocal: 0 | 1;
  steppedUp: 0 | 1;
};

function rowOf({ id, limits, addresses, isLocal, steppedUp, ...rest }: Stored): TokenRow {
  return {
    ...rest,
    id: id ?? '',
    limits: limits === null ? null : Limits.parse(JSON.parse(limits)),
    addresses: Addresses.parse(JSON.parse(addresses)),
    isLocal: isLocal === 1,
    isSteppedUp: steppedUp === 1,
  };
}

export async function insertToken(tx: Tx, hash: string, token: Omit<TokenRow, 'lastUsedAt' | 'lastUsedFrom'>) {
  const { id, personId, name, createdAt, expiresAt, limits, addresses, isLocal, isSteppedUp } = token;
  const row = { id, hash, person_id: personId, name, created_at: createdAt, expires_at: expiresAt };
  const bounds = { limits: limits === null ? null : JSON.stringify(limits), addresses: JSON.stringify(addresses) };
  const flags = { is_local: isLocal ? 1 : 0, stepped_up: isSteppedUp ? 1 : 0 } as const;
  await tx
    .insertInto('api_token')
    .values({ ...row, ...bounds, ...flags })
    .execute();
}

/** Of a person who may sign in; the name of the person comes with it. */
export async function tokenByHash(db: Db, hash: string, now: number) {
  const found = await db
    .selectFrom('api_token')
    .innerJoin('person', 'person.id', 'api_token.person_id')
    .select([...TOKEN, 'person.name as personName'])
    .where('api_token.hash', '=', hash)
    .where((eb) => eb.or([eb('api_token.expires_at', 'is', null), eb('api_token.expires_at', '>', now)]))
    .where('person.disabled_at', 'is', null)
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { personName, ...stored } = found;
  return { ...rowOf(stored), personName };
}

export async function tokenById(db: Db, id: string): Promise<TokenRow | undefined> {
  const found = await db.selectFrom('api_token').select(TOKEN).where('id', '=', id).executeTakeFirst();
  return found === undefined ? undefined : rowOf(found);
}

export async function tokensOf(db: Db, personId: string): Promise<TokenRow[]> {
  const rows = await db
    .selectFrom('api_token')
    .select(TOKEN)
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(rowOf);
}

export async function countTokensOf(db: Db, personId: string): Promise<number> {
  const row = await db
    .selectFrom('api_token')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export async function touchToken(tx: Tx, id: string, used: { at: number; from: string | null }): Promise<void> {
  await tx
    .updateTable('api_token')
    .set({ last_used_at: used.at, last_used_from: used.from })
    .where('id', '=', id)
    .execute();
}

export async function deleteToken(tx: Tx, id: string): Promise<boolean> {
  const result = await tx.deleteFrom('api_token').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export async function deleteExpiredTokens(tx: Tx, before: number): Promise<void> {
  await tx.deleteFrom('api_token').where('expires_at', '<', before).execute();
}
