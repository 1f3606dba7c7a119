// People, sign-in links, sessions and API tokens in the database; secrets only as hashes.
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';

export interface Person {
  id: string;
  name: string;
  createdAt: number;
}

const PERSON = ['person.id', 'person.name', 'person.created_at as createdAt'] as const;

/** The first person ever made, who set the console up. Several consoles that start at once ask one after the other. */
export async function firstPerson(tx: Tx): Promise<Person | undefined> {
  await tx.selectFrom('instance').select('id').where('id', '=', 1).$call(lockRows(tx)).execute();
  return await tx.selectFrom('person').select(PERSON).orderBy('created_at').orderBy('id').limit(1).executeTakeFirst();
}

export const personById = (db: Db, id: string): Promise<Person | undefined> =>
  db.selectFrom('person').select(PERSON).where('id', '=', id).executeTakeFirst();

/** Names by id; ids that nobody has are absent. */
export async function namesOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('person').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

export async function insertPerson(tx: Tx, person: Person): Promise<void> {
  await tx.insertInto('person').values({ id: person.id, name: person.name, created_at: person.createdAt }).execute();
}

export async function insertLink(tx: Tx, link: { hash: string; personId: string; expiresAt: number }): Promise<void> {
  const row = { hash: link.hash, person_id: link.personId, expires_at: link.expiresAt, used_at: null };
  await tx.insertInto('sign_in_link').values(row).execute();
}

/** One statement, so that of many uses at once one wins on either engine. */
export async function redeemLink(tx: Tx, hash: string, now: number): Promise<string | undefined> {
  const used = await tx
    .updateTable('sign_in_link')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('person_id')
    .executeTakeFirst();
  return used?.person_id;
}

export const findLink = (db: Db, hash: string) =>
  db.selectFrom('sign_in_link').select(['used_at', 'expires_at']).where('hash', '=', hash).executeTakeFirst();

export interface NewSession {
  hash: string;
  personId: string;
  createdAt: number;
  expiresAt: number;
}

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  const { hash, personId, createdAt, expiresAt } = session;
  const row = { hash, person_id: personId, created_at: createdAt, expires_at: expiresAt };
  await tx.insertInto('session').values(row).execute();
}

/** Links stay a while after their end, so that "used" and "expired" can be told from "unknown". */
export async function removeExpired(tx: Tx, now: number, linksBefore: number): Promise<void> {
  await tx.deleteFrom('session').where('expires_at', '<=', now).execute();
  await tx.deleteFrom('sign_in_link').where('expires_at', '<=', linksBefore).execute();
}

/** With the time of the sign-in. */
export const personBySession = (
  db: Db,
  hash: string,
  now: number,
): Promise<(Person & { signedInAt: number }) | undefined> =>
  db
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person_id')
    .select([...PERSON, 'session.created_at as signedInAt'])
    .where('session.hash', '=', hash)
    .where('session.expires_at', '>', now)
    .where('person.disabled_at', 'is', null)
    .executeTakeFirst();

export async function deleteSession(tx: Tx, hash: string): Promise<boolean> {
  const result = await tx.deleteFrom('session').where('hash', '=', hash).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export interface NewToken {
  hash: string;
  personId: string;
  name: string;
  createdAt: number;
  expiresAt: number | null;
}

export async function insertToken(tx: Tx, token: NewToken): Promise<void> {
  const { hash, personId, name, createdAt, expiresAt } = token;
  const row = { hash, person_id: personId, name, created_at: createdAt, expires_at: expiresAt };
  await tx.insertInto('api_token').values(row).execute();
}

export const personByToken = (db: Db, hash: string, now: number): Promise<Person | undefined> =>
  db
    .selectFrom('api_token')
    .innerJoin('person', 'person.id', 'api_token.person_id')
    .select(PERSON)
    .where('api_token.hash', '=', hash)
    .where('person.disabled_at', 'is', null)
    .where((eb) => eb.or([eb('api_token.expires_at', 'is', null), eb('api_token.expires_at', '>', now)]))
    .executeTakeFirst();
