// Grants in the database: read with the person on every request, written by the people's own room.
import { z } from 'zod';
import type { Db, Tx } from '#console/store/engine.ts';
import { GrantEffect, GrantOver, RoleName, WeeklyHours } from '#shared/model/grant.ts';
import type { Grant } from './grant.ts';
import { ROLES } from './roles.ts';

const COLUMNS = [
  'id',
  'person_id',
  'effect',
  'role',
  'verbs',
  'over_kind',
  'over_id',
  'from_at',
  'until_at',
  'hours',
] as const;

interface Row {
  id: string;
  effect: string;
  role: string | null;
  verbs: string;
  over_kind: string;
  over_id: string | null;
  from_at: number | null;
  until_at: number | null;
  hours: string | null;
}

const Verbs = z.array(z.string());

/** Throws where a row does not read: a right that nobody understands must not be guessed. */
function toGrant(row: Row): Grant {
  const role = RoleName.nullable().parse(row.role);
  const over = row.over_id === null ? { kind: row.over_kind } : { kind: row.over_kind, id: row.over_id };
  return {
    id: row.id,
    effect: GrantEffect.parse(row.effect),
    role,
    verbs: role === null ? Verbs.parse(JSON.parse(row.verbs)) : ROLES[role].verbs,
    over: GrantOver.parse(over),
    from: row.from_at,
    until: row.until_at,
    hours: row.hours === null ? null : WeeklyHours.parse(JSON.parse(row.hours)),
  };
}

export async function grantsOf(db: Db, person: string): Promise<Grant[]> {
  const rows = await db
    .selectFrom('person_grant')
    .select(COLUMNS)
    .where('person_id', '=', person)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(toGrant);
}

/** Of everybody, by person; there are hundreds at most. */
export async function allGrants(db: Db): Promise<Map<string, Grant[]>> {
  const rows = await db.selectFrom('person_grant').select(COLUMNS).orderBy('created_at').orderBy('id').execute();
  const found = new Map<string, Grant[]>();
  for (const row of rows) {
    const known = found.get(row.person_id) ?? [];
    known.push(toGrant(row));
    found.set(row.person_id, known);
  }
  return found;
}

/** What grants and denials of anybody name, of one kind. */
export async function boundWords(tx: Tx, kind: 'tag' | 'group'): Promise<Set<string>> {
  const rows = await tx.selectFrom('person_grant').select('over_id').where('over_kind', '=', kind).distinct().execute();
  return new Set(rows.flatMap(({ over_id }) => over_id ?? []));
}

export async function insertGrant(tx: Tx, person: string, grant: Grant, createdAt: number): Promise<void> {
  const { id, effect, role, verbs, over, from, until, hours } = grant;
  const row = {
    id,
    person_id: person,
    effect,
    role,
    verbs: JSON.stringify(role === null ? verbs : []),
    over_kind: over.kind,
    over_id: over.kind === 'everything' ? null : over.id,
    from_at: from,
    until_at: until,
    hours: hours === null ? null : JSON.stringify(hours),
    created_at: createdAt,
  };
  await tx.insertInto('person_grant').values(row).execute();
}

export async function deleteGrant(tx: Tx, person: string, id: string): Promise<boolean> {
  const query = tx.deleteFrom('person_grant').where('person_id', '=', person).where('id', '=', id);
  return (await query.executeTakeFirst()).numDeletedRows > 0n;
}
