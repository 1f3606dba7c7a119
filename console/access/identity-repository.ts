// Who a person is at an identity provider: issuer and subject, never a name or an address that can be given to another.
import { z } from 'zod';
import type { Db, Tx } from '#console/store/engine.ts';

export async function providerOf(db: Db, personId: string): Promise<string | undefined> {
  const query = db.selectFrom('person_identity').select('issuer').where('person_id', '=', personId);
  return (await query.limit(1).executeTakeFirst())?.issuer;
}

export const identityOf = (db: Db, issuer: string, subject: string) =>
  db
    .selectFrom('person_identity')
    .innerJoin('person', 'person.id', 'person_identity.person_id')
    .select(['person.id', 'person.name', 'person.disabled_at as disabledAt', 'person_identity.grants'])
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();

export interface NewIdentity {
  issuer: string;
  subject: string;
  personId: string;
  createdAt: number;
}

export async function insertIdentity(tx: Tx, { issuer, subject, personId, createdAt }: NewIdentity): Promise<void> {
  const row = { issuer, subject, person_id: personId, created_at: createdAt, grants: '[]' };
  await tx.insertInto('person_identity').values(row).execute();
}

/** Ids of the grants that its claims gave: those alone are taken back when the claims are gone. */
export async function setIdentityGrants(tx: Tx, issuer: string, subject: string, grants: readonly string[]) {
  await tx
    .updateTable('person_identity')
    .set({ grants: JSON.stringify(grants) })
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .execute();
}

const Ids = z.array(z.string());
export const readIds = (text: string): string[] => Ids.parse(JSON.parse(text));

/** Of everybody: grants that a provider gives and takes, whoever holds them. */
export async function providedGrants(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('person_identity').select('grants').execute();
  return new Set(rows.flatMap(({ grants }) => readIds(grants)));
}
