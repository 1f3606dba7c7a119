// Sessions in the database: found by the hash of their secret, or of the secret before.
import type { Db, Tx } from '#console/store/engine.ts';

const SESSION = [
  'session.id',
  'session.hash',
  'session.former_hash as formerHash',
  'session.person_id as personId',
  'session.created_at as createdAt',
  'session.expires_at as expiresAt',
  'session.last_seen_at as lastSeenAt',
  'session.rotated_at as rotatedAt',
  'session.confirmed_at as confirmedAt',
  'session.stepped_up_at as steppedUpAt',
  'session.must_enrol as mustEnrol',
  'session.via',
  'session.address',
  'session.agent',
] as const;

export interface SessionRow {
  id: string;
  hash: string;
  formerHash: string | null;
  personId: string;
  createdAt: number;
  expiresAt: number;
  lastSeenAt: number;
  rotatedAt: number;
  confirmedAt: number | null;
  steppedUpAt: number | null;
  mustEnrol: 0 | 1;
  via: string;
  address: string | null;
  agent: string | null;
}

export async function insertSession(tx: Tx, row: SessionRow): Promise<void> {
  const { id, hash, via, address, agent } = row;
  const times = { created_at: row.createdAt, expires_at: row.expiresAt, last_seen_at: row.lastSeenAt };
  const secret = { hash, former_hash: row.formerHash, rotated_at: row.rotatedAt, confirmed_at: row.confirmedAt };
  const rights = { person_id: row.personId, stepped_up_at: row.steppedUpAt, must_enrol: row.mustEnrol };
  await tx
    .insertInto('session')
    .values({ id, via, address, agent, ...times, ...secret, ...rights })
    .execute();
}

/** Of a person who may sign in; the name comes with it. */
export const sessionByHash = (db: Db, hash: string): Promise<(SessionRow & { name: string }) | undefined> =>
  db
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person_id')
    .select([...SESSION, 'person.name'])
    .where((eb) => eb.or([eb('session.hash', '=', hash), eb('session.former_hash', '=', hash)]))
    .where('person.disabled_at', 'is', null)
    .executeTakeFirst();

export const sessionById = (db: Db, id: string): Promise<SessionRow | undefined> =>
  db
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person_id')
    .select(SESSION)
    .where('session.id', '=', id)
    .where('person.disabled_at', 'is', null)
    .executeTakeFirst();

export const sessionsOf = (db: Db, personId: string): Promise<SessionRow[]> =>
  db.selectFrom('session').select(SESSION).where('person_id', '=', personId).orderBy('created_at', 'desc').execute();

export interface Touch {
  lastSeenAt?: number;
  confirmedAt?: number;
  address?: string | null;
  agent?: string | null;
}

export async function touchSession(tx: Tx, id: string, touch: Touch): Promise<void> {
  const { lastSeenAt, confirmedAt, address, agent } = touch;
  await tx
    .updateTable('session')
    .set({
      ...(lastSeenAt === undefined ? {} : { last_seen_at: lastSeenAt }),
      ...(confirmedAt === undefined ? {} : { confirmed_at: confirmedAt }),
      ...(address === undefined ? {} : { address }),
      ...(agent === undefined ? {} : { agent }),
    })
    .where('id', '=', id)
    .execute();
}

/** Of two requests that rotate at once one wins: the other's secret is the former one by then. */
export async function rotateSession(
  tx: Tx,
  { id, hash, rotatedAt }: Pick<SessionRow, 'id' | 'hash' | 'rotatedAt'>,
  to: { hash: string; formerHash: string; now: number },
): Promise<boolean> {
  const result = await tx
    .updateTable('session')
    .set({ hash: to.hash, former_hash: to.formerHash, rotated_at: to.now, confirmed_at: null })
    .where('id', '=', id)
    .where('hash', '=', hash)
    .where('rotated_at', '=', rotatedAt)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function setSteppedUp(tx: Tx, id: string, at: number): Promise<void> {
  await tx.updateTable('session').set({ stepped_up_at: at }).where('id', '=', id).execute();
}

export async function setEnrolled(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('session').set({ must_enrol: 0 }).where('id', '=', id).execute();
}

export async function deleteSession(tx: Tx, id: string): Promise<boolean> {
  const result = await tx.deleteFrom('session').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** All of a person but one; returns how many. */
export async function deleteSessionsOf(tx: Tx, personId: string, except?: string): Promise<number> {
  const result = await tx
    .deleteFrom('session')
    .where('person_id', '=', personId)
    .$if(except !== undefined, (query) => query.where('id', '!=', except ?? ''))
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

export async function deleteSpentSessions(tx: Tx, now: number, idleSince: number): Promise<void> {
  await tx
    .deleteFrom('session')
    .where((eb) => eb.or([eb('expires_at', '<=', now), eb('last_seen_at', '<=', idleSince)]))
    .execute();
}
