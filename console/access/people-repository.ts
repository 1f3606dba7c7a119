// People and their sign-in links in the database; secrets only as hashes.
import { z } from 'zod';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';

export interface Person {
  id: string;
  name: string;
  createdAt: number;
}

export interface PersonRow extends Person {
  /** Since when they may not sign in; null while they may. */
  disabledAt: number | null;
}

const PERSON = ['person.id', 'person.name', 'person.created_at as createdAt'] as const;

/** The first person ever made, who set the console up. Several consoles that start at once ask one after the other. */
export async function firstPerson(tx: Tx): Promise<Person | undefined> {
  await tx.selectFrom('instance').select('id').where('id', '=', 1).$call(lockRows(tx)).execute();
  return await tx.selectFrom('person').select(PERSON).orderBy('created_at').orderBy('id').limit(1).executeTakeFirst();
}

/** Undefined for somebody who may not sign in. */
export const enabledPerson = (db: Db, id: string): Promise<Person | undefined> =>
  db.selectFrom('person').select(PERSON).where('id', '=', id).where('disabled_at', 'is', null).executeTakeFirst();

export const personById = (db: Db, id: string): Promise<PersonRow | undefined> =>
  db.selectFrom('person').select(PERSON).select('disabled_at as disabledAt').where('id', '=', id).executeTakeFirst();

/** By name. */
export const listPeople = (db: Db): Promise<PersonRow[]> =>
  db.selectFrom('person').select(PERSON).select('disabled_at as disabledAt').orderBy('name').orderBy('id').execute();

export async function updatePerson(
  tx: Tx,
  id: string,
  change: { name?: string; disabledAt?: number | null },
): Promise<void> {
  const { name, disabledAt } = change;
  const set = {
    ...(name === undefined ? {} : { name }),
    ...(disabledAt === undefined ? {} : { disabled_at: disabledAt }),
  };
  await tx.updateTable('person').set(set).where('id', '=', id).execute();
}

/** Links, sessions, tokens, views and grants go with it: the tables say so. */
export async function deletePerson(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('person').where('id', '=', id).execute();
}

/** Whoever is enabled again signs in anew; their tokens work again. */
export async function endAccess(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('session').where('person_id', '=', id).execute();
  await tx.deleteFrom('sign_in_link').where('person_id', '=', id).where('used_at', 'is', null).execute();
}

/** Names by id; ids that nobody has are absent. */
export async function namesOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('person').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

export async function insertPerson(tx: Tx, person: Person): Promise<void> {
  await tx.insertInto('person').values({ id: person.id, name: person.name, created_at: person.createdAt }).execute();
}

/** Made by the command line of this machine, by a person for themself, or by a person for another. */
const LinkKind = z.enum(['local', 'own', 'invite']);
export type LinkKind = z.infer<typeof LinkKind>;

interface NewLink {
  hash: string;
  personId: string;
  expiresAt: number;
  kind: LinkKind;
}

export async function insertLink(tx: Tx, { hash, personId, expiresAt, kind }: NewLink): Promise<void> {
  const row = { hash, person_id: personId, expires_at: expiresAt, used_at: null, kind };
  await tx.insertInto('sign_in_link').values(row).execute();
}

/** One statement, so that of many uses at once one wins on either engine. */
export async function redeemLink(tx: Tx, hash: string, now: number) {
  const used = await tx
    .updateTable('sign_in_link')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning(['person_id', 'kind'])
    .executeTakeFirst();
  return used === undefined ? undefined : { personId: used.person_id, kind: LinkKind.parse(used.kind) };
}

export const findLink = (db: Db, hash: string) =>
  db.selectFrom('sign_in_link').select(['used_at', 'expires_at']).where('hash', '=', hash).executeTakeFirst();

/** Links stay a while after their end, so that "used" and "expired" can be told from "unknown". */
export async function removeOldLinks(tx: Tx, before: number): Promise<void> {
  await tx.deleteFrom('sign_in_link').where('expires_at', '<=', before).execute();
}
