// Brings a database to this build's schema; one that a later release wrote is refused by name.
import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { AppError } from '#shared/base/errors.ts';
import type { Engine } from './engine.ts';
import { initial } from './migrations/0001-initial.ts';
import { estate } from './migrations/0002-estate.ts';
import { shippedGroups } from './migrations/0003-shipped-groups.ts';
import { timeline } from './migrations/0004-timeline.ts';
import { recent } from './migrations/0005-recent.ts';
import { importUndo } from './migrations/0006-import-undo.ts';
import { siteBrake } from './migrations/0007-site-brake.ts';
import { sealedCredential } from './migrations/0008-sealed-credential.ts';
import { siteThaw } from './migrations/0010-site-thaw.ts';
import { rolloutAndStanding } from './migrations/0011-rollout-and-standing.ts';
import { sealedVariable } from './migrations/0012-sealed-variable.ts';
import { actionOrigin } from './migrations/0013-action-origin.ts';
import { personGrants } from './migrations/0014-person-grants.ts';
import { signIn } from './migrations/0015-sign-in.ts';
import { auditWitness } from './migrations/0016-audit-witness.ts';
import { deviceLog } from './migrations/0017-device-log.ts';
import { maintenance } from './migrations/0019-maintenance.ts';
import { mirrorHour } from './migrations/0021-mirror-hour.ts';
import { frameBundle } from './migrations/0022-frame-bundle.ts';
import { alerts } from './migrations/0023-alerts.ts';
import { notify } from './migrations/0024-notify.ts';
import { watchPolicy } from './migrations/0025-watch-policy.ts';
import { health } from './migrations/0026-health.ts';
import { flapTold } from './migrations/0027-flap-told.ts';
import { actionAttempt } from './migrations/0028-action-attempt.ts';
import { script } from './migrations/0029-script.ts';
import type { Tables } from './schema.ts';

/** Forward only, in order of name; never edited after release. */
const MIGRATIONS = {
  '0001-initial': initial,
  '0002-estate': estate,
  '0003-shipped-groups': shippedGroups,
  '0004-timeline': timeline,
  '0005-recent': recent,
  '0006-import-undo': importUndo,
  '0007-site-brake': siteBrake,
  '0008-sealed-credential': sealedCredential,
  '0010-site-thaw': siteThaw,
  '0011-rollout-and-standing': rolloutAndStanding,
  '0012-sealed-variable': sealedVariable,
  '0013-action-origin': actionOrigin,
  '0014-person-grants': personGrants,
  '0015-sign-in': signIn,
  '0016-audit-witness': auditWitness,
  '0017-device-log': deviceLog,
  '0019-maintenance': maintenance,
  '0021-mirror-hour': mirrorHour,
  '0022-frame-bundle': frameBundle,
  '0023-alerts': alerts,
  '0024-notify': notify,
  '0025-watch-policy': watchPolicy,
  '0026-health': health,
  '0027-flap-told': flapTold,
  '0028-action-attempt': actionAttempt,
  '0029-script': script,
} as const satisfies Record<string, (engine: Engine) => Migration>;

const MIGRATION_TABLE = 'kysely_migration';
// Any number, the same for every console: two that start at once migrate one after the other.
const ADVISORY_LOCK = 7_766_001;

async function appliedNames(db: Kysely<Tables>, engine: Engine): Promise<string[]> {
  const known =
    engine === 'sqlite'
      ? sql<{ n: number }>`select count(*) as n from sqlite_master where name = ${MIGRATION_TABLE}`
      : sql<{ n: number }>`select count(*) as n from pg_tables
          where tablename = ${MIGRATION_TABLE} and schemaname = current_schema()`;
  if ((await known.execute(db)).rows[0]?.n !== 1) return [];
  const names = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)} order by name`.execute(db);
  return names.rows.map((row) => row.name);
}

async function refuseNewer(db: Kysely<Tables>, engine: Engine, where: string): Promise<void> {
  const unknown = (await appliedNames(db, engine)).filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (unknown.length === 0) return;
  const newest = Object.keys(MIGRATIONS).at(-1);
  throw new AppError(
    'store-newer',
    `${where}: a later release wrote this database (migration ${unknown.join(', ')}; this build ends at ${newest}): ` +
      'downgrade refused',
  );
}

async function migrateUp(db: Kysely<Tables>, engine: Engine, schema: string | undefined): Promise<void> {
  const migrations = Object.fromEntries(Object.entries(MIGRATIONS).map(([name, make]) => [name, make(engine)]));
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: MIGRATION_TABLE,
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** `where` names the database in errors: its file or host, never a connection string. */
export async function migrate(db: Kysely<Tables>, engine: Engine, where: string, schema?: string): Promise<void> {
  if (engine === 'sqlite') {
    await refuseNewer(db, engine, where);
    await migrateUp(db, engine, undefined);
    return;
  }
  await db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${ADVISORY_LOCK})`.execute(connection);
    try {
      if (schema !== undefined) await sql`create schema if not exists ${sql.id(schema)}`.execute(connection);
      await refuseNewer(db, engine, where);
      await migrateUp(db, engine, schema);
    } finally {
      await sql`select pg_advisory_unlock(${ADVISORY_LOCK})`.execute(connection);
    }
  });
}
