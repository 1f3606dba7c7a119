// The library as stored: scripts by name, and each version as it was signed.
import { z } from 'zod';
import { type Db, lockRows, type Tx } from '#console/store/engine.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { ScriptId } from '#shared/base/id.ts';
import { Signature } from '#shared/model/manifest.ts';

export interface StoredScript {
  id: ScriptId;
  name: string;
  latest: number;
}

export interface StoredVersion {
  id: ScriptId;
  version: number;
  hash: string;
  text: string;
  signatures: Signature[];
  /** Ids of the keys that signed it. */
  signers: string[];
  origin: string;
  createdAt: EpochMs;
  createdBy: string;
}

const versions = (db: Db) =>
  db
    .selectFrom('script_version')
    .innerJoin('script', 'script.id', 'script_version.script_id')
    .select(['script_version.script_id', 'script_version.version', 'script_version.hash', 'script_version.body'])
    .select(['script_version.signatures', 'script_version.signers', 'script_version.origin'])
    .select(['script_version.created_at', 'script_version.created_by'])
    .where('script.removed_at', 'is', null);
type Row = Awaited<ReturnType<ReturnType<typeof versions>['executeTakeFirstOrThrow']>>;

const toVersion = (row: Row): StoredVersion => ({
  id: ScriptId.parse(row.script_id),
  version: Number(row.version),
  hash: row.hash,
  text: row.body,
  signatures: z.array(Signature).parse(JSON.parse(row.signatures)),
  signers: row.signers === '' ? [] : row.signers.split(' '),
  origin: row.origin,
  createdAt: Number(row.created_at),
  createdBy: row.created_by,
});

/** The newest version of each script, by name. */
export async function latestVersions(db: Db): Promise<StoredVersion[]> {
  const rows = await versions(db)
    .whereRef('script_version.version', '=', 'script.latest')
    .orderBy('script.name')
    .execute();
  return rows.map(toVersion);
}

/** Newest first. */
export async function versionsOf(db: Db, id: ScriptId): Promise<StoredVersion[]> {
  const rows = await versions(db)
    .where('script_version.script_id', '=', id)
    .orderBy('script_version.version', 'desc')
    .execute();
  return rows.map(toVersion);
}

/** Locked until the end of the transaction. */
export async function lockScript(tx: Tx, id: ScriptId): Promise<StoredScript | undefined> {
  const row = await tx
    .selectFrom('script')
    .select(['id', 'name', 'latest'])
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .$call(lockRows(tx))
    .executeTakeFirst();
  return row && { id: ScriptId.parse(row.id), name: row.name, latest: Number(row.latest) };
}

/** Whether the id was ever given: what was taken out does not come back under it. */
export async function isTaken(tx: Tx, id: ScriptId): Promise<boolean> {
  return (await tx.selectFrom('script').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

export async function countScripts(tx: Tx): Promise<number> {
  const { count } = await tx
    .selectFrom('script')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertScript(
  tx: Tx,
  { id, name, latest }: StoredScript,
  by: { createdAt: EpochMs; createdBy: string },
): Promise<void> {
  const made = { created_at: by.createdAt, created_by: by.createdBy, removed_at: null };
  await tx
    .insertInto('script')
    .values({ id, name, latest, ...made })
    .execute();
}

export async function insertVersion(tx: Tx, one: StoredVersion): Promise<void> {
  const { id, version, hash, text, signatures, signers, origin, createdAt, createdBy } = one;
  await tx
    .insertInto('script_version')
    .values({
      ...{ script_id: id, version, hash, body: text, signatures: JSON.stringify(signatures) },
      ...{ signers: signers.join(' '), origin, created_at: createdAt, created_by: createdBy },
    })
    .execute();
}

export async function setLatest(tx: Tx, { id, name, latest }: StoredScript): Promise<void> {
  await tx.updateTable('script').set({ name, latest }).where('id', '=', id).execute();
}

export async function setSignatures(
  tx: Tx,
  { id, version, signatures, signers }: Pick<StoredVersion, 'id' | 'version' | 'signatures' | 'signers'>,
): Promise<void> {
  await tx
    .updateTable('script_version')
    .set({ signatures: JSON.stringify(signatures), signers: signers.join(' ') })
    .where('script_id', '=', id)
    .where('version', '=', version)
    .execute();
}

export async function markRemoved(tx: Tx, id: ScriptId, now: EpochMs): Promise<void> {
  await tx.updateTable('script').set({ removed_at: now }).where('id', '=', id).execute();
}
