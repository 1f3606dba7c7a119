// What people prove themselves with, in the database: password hashes, sealed secrets of apps, hashes of recovery codes, public halves of passkeys.
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import type { PasskeyKey } from '#shared/model/charter.ts';
import { PasskeyAlgorithm } from '#shared/model/charter.ts';
import type { StoredPasskey } from './passkey-proof.ts';

const FACTOR = [
  'person_factor.password_hash as passwordHash',
  'person_factor.totp_sealed as totpSealed',
  'person_factor.totp_last_step as totpLastStep',
  'person_factor.totp_pending as totpPending',
  'person_factor.totp_pending_until as totpPendingUntil',
] as const;

export interface FactorRow {
  passwordHash: string | null;
  totpSealed: string | null;
  totpLastStep: number | null;
  totpPending: string | null;
  totpPendingUntil: number | null;
}

/** Who is called so, with what they prove themselves by: one statement, the same for known and unknown names. */
export const factorsByName = (db: Db, name: string) =>
  db
    .selectFrom('person')
    .leftJoin('person_factor', 'person_factor.person_id', 'person.id')
    .select(['person.id', 'person.name', 'person.disabled_at as disabledAt', ...FACTOR])
    .where('person.name', '=', name)
    .executeTakeFirst();

export const factorsOf = (db: Db, personId: string): Promise<FactorRow | undefined> =>
  db.selectFrom('person_factor').select(FACTOR).where('person_id', '=', personId).executeTakeFirst();

async function put(tx: Tx, personId: string, set: Partial<Record<string, string | number | null>>): Promise<void> {
  const empty = { password_hash: null, totp_sealed: null, totp_pending: null, totp_pending_until: null };
  await tx
    .insertInto('person_factor')
    .values({ ...empty, ...set, person_id: personId })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(set))
    .execute();
}

export const putPassword = (tx: Tx, personId: string, hash: string): Promise<void> =>
  put(tx, personId, { password_hash: hash });

export const putPendingTotp = (tx: Tx, personId: string, sealed: string, until: number): Promise<void> =>
  put(tx, personId, { totp_pending: sealed, totp_pending_until: until });

export const putTotp = (tx: Tx, personId: string, sealed: string, step: number): Promise<void> =>
  put(tx, personId, { totp_sealed: sealed, totp_last_step: step, totp_pending: null, totp_pending_until: null });

export const removeTotp = (tx: Tx, personId: string): Promise<void> =>
  put(tx, personId, { totp_sealed: null, totp_pending: null, totp_pending_until: null });

/** One statement: of two uses of one step one wins. */
export async function spendTotpStep(tx: Tx, personId: string, step: number): Promise<boolean> {
  const result = await tx
    .updateTable('person_factor')
    .set({ totp_last_step: step })
    .where('person_id', '=', personId)
    .where('totp_last_step', '<', step)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export const hasRecoveryCode = async (db: Db, personId: string, hash: string): Promise<boolean> =>
  (await db
    .selectFrom('recovery_code')
    .select('hash')
    .where('hash', '=', hash)
    .where('person_id', '=', personId)
    .where('used_at', 'is', null)
    .executeTakeFirst()) !== undefined;

export async function spendRecoveryCode(tx: Tx, hash: string, now: number): Promise<boolean> {
  const result = await tx
    .updateTable('recovery_code')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function countRecoveryCodes(db: Db, personId: string): Promise<number> {
  const rows = await db
    .selectFrom('recovery_code')
    .select('hash')
    .where('person_id', '=', personId)
    .where('used_at', 'is', null)
    .execute();
  return rows.length;
}

export async function replaceRecoveryCodes(tx: Tx, personId: string, hashes: readonly string[]): Promise<void> {
  await tx.deleteFrom('recovery_code').where('person_id', '=', personId).execute();
  const rows = hashes.map((hash) => ({ hash, person_id: personId, used_at: null }));
  await tx.insertInto('recovery_code').values(rows).execute();
}

const PASSKEY = [
  'person_passkey.id',
  'person_passkey.person_id as personId',
  'person_passkey.name',
  'person_passkey.credential',
  'person_passkey.spki',
  'person_passkey.algorithm',
  'person_passkey.rp_id as rpId',
  'person_passkey.counter',
  'person_passkey.created_at as createdAt',
  'person_passkey.last_used_at as lastUsedAt',
] as const;

export interface PasskeyRow extends StoredPasskey {
  name: string;
  createdAt: number;
  lastUsedAt: number | null;
}

const passkeyOf = <T extends { algorithm: string }>(row: T): T & { algorithm: PasskeyKey['algorithm'] } => ({
  ...row,
  algorithm: PasskeyAlgorithm.parse(row.algorithm),
});

export async function passkeysOf(db: Db, personId: string): Promise<PasskeyRow[]> {
  const rows = await db
    .selectFrom('person_passkey')
    .select(PASSKEY)
    .where('person_id', '=', personId)
    .orderBy('created_at')
    .execute();
  return rows.map(passkeyOf);
}

/** Of a person who may sign in. */
export async function passkeyByCredential(db: Db, credential: string) {
  const found = await db
    .selectFrom('person_passkey')
    .innerJoin('person', 'person.id', 'person_passkey.person_id')
    .select([...PASSKEY, 'person.name as personName'])
    .where('credential', '=', credential)
    .where('person.disabled_at', 'is', null)
    .executeTakeFirst();
  return found === undefined ? undefined : passkeyOf(found);
}

export async function insertPasskey(tx: Tx, row: Omit<PasskeyRow, 'lastUsedAt'>): Promise<boolean> {
  const { id, personId, name, credential, spki, algorithm, rpId, counter, createdAt } = row;
  const values = { id, person_id: personId, name, credential, spki, algorithm, rp_id: rpId, counter };
  const result = await tx
    .insertInto('person_passkey')
    .values({ ...values, created_at: createdAt, last_used_at: null })
    .onConflict((conflict) => conflict.column('credential').doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** False when a later use was counted meanwhile: of two assertions with one counter one wins. */
export async function countPasskeyUse(tx: Tx, id: string, use: { former: number; counter: number; now: number }) {
  const result = await tx
    .updateTable('person_passkey')
    .set({ counter: use.counter, last_used_at: use.now })
    .where('id', '=', id)
    .where('counter', '=', use.former)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function deletePasskey(tx: Tx, personId: string, id: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('person_passkey')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Held until the transaction ends: two that remove a factor at once go one after the other, and the second sees what is left. */
export async function lockPerson(tx: Tx, personId: string): Promise<void> {
  await tx.selectFrom('person').select('id').where('id', '=', personId).$call(lockRows(tx)).execute();
}
