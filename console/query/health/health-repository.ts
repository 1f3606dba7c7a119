// What the health of devices is read from, and where it is kept: facts that answer with yes or no, open alerts, hours and days.
import { deviceInScope, inScope, type Scope } from '#console/access/scope.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { HealthMoment } from '#shared/contract/health-contract.ts';
import { HEALTH_FACTS, type HealthFact } from '#shared/judge/health/inputs.ts';
import { ALERT_TYPES, type AlertType, SEVERITIES, type Severity } from '#shared/model/alert-words.ts';
import type { HealthScore } from '#shared/model/health.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** 8 columns a row at most; SQLite binds 32,766 values. */
export const ROWS_AT_ONCE = 500;

export interface HealthFactRow {
  device: string;
  kind: HealthFact;
  hash: string;
  seenAt: number;
}

export async function readHealthFacts(db: Db, devices: readonly string[]): Promise<HealthFactRow[]> {
  const rows = await db
    .selectFrom('fact')
    .select(['device_id', 'kind', 'hash', 'seen_at'])
    .where('device_id', 'in', devices)
    .where('kind', 'in', HEALTH_FACTS)
    .execute();
  return rows.map((row) => ({
    device: row.device_id,
    kind: row.kind as HealthFact, // one of those asked for
    hash: row.hash,
    seenAt: row.seen_at,
  }));
}

export const readFactBodies = async (db: Db, hashes: readonly string[]): Promise<Map<string, string>> => {
  const rows = await db.selectFrom('fact_body').select(['hash', 'body']).where('hash', 'in', hashes).execute();
  return new Map(rows.map(({ hash, body }) => [hash, body]));
};

export interface OpenAlertRow {
  device: string;
  type: AlertType;
  severity: Severity;
}

const isType = (text: string): text is AlertType => ALERT_TYPES.some((one) => one === text);
const isSeverity = (text: string): text is Severity => SEVERITIES.some((one) => one === text);

/** Of devices, and not of a maintenance window: who mends a machine does not make it ill. */
export async function readOpenAlerts(db: Db, device?: DeviceId): Promise<OpenAlertRow[]> {
  let query = db
    .selectFrom('alert')
    .select(['device_id', 'type', 'severity'])
    .distinct()
    .where('resolved_at', 'is', null)
    .where('is_muted', '=', 0);
  if (device !== undefined) query = query.where('device_id', '=', device);
  return (await query.execute()).flatMap(({ device_id, type, severity }) =>
    device_id === null || !isType(type) || !isSeverity(severity) ? [] : [{ device: device_id, type, severity }],
  );
}

type Points = Pick<HealthScore, 'availability' | 'performance' | 'security' | 'compliance' | 'confidence'>;
const POINTS = ['availability', 'performance', 'security', 'compliance', 'confidence'] as const;

const pointsOf = (points: Points): Points => ({
  availability: points.availability,
  performance: points.performance,
  security: points.security,
  compliance: points.compliance,
  confidence: points.confidence,
});

export type SitePoints = Points & { site: SiteId; devices: number };

/** Written over within the hour: what stays is how the hour ended. */
export async function putSiteHealth(tx: Tx, hour: number, sites: readonly SitePoints[]): Promise<void> {
  for (let from = 0; from < sites.length; from += ROWS_AT_ONCE) {
    const some = sites.slice(from, from + ROWS_AT_ONCE);
    await tx
      .insertInto('site_health')
      .values(some.map((one) => ({ site_id: one.site, hour, devices: one.devices, ...pointsOf(one) })))
      .onConflict((conflict) =>
        conflict.columns(['site_id', 'hour']).doUpdateSet((eb) => ({
          devices: eb.ref('excluded.devices'),
          availability: eb.ref('excluded.availability'),
          performance: eb.ref('excluded.performance'),
          security: eb.ref('excluded.security'),
          compliance: eb.ref('excluded.compliance'),
          confidence: eb.ref('excluded.confidence'),
        })),
      )
      .execute();
  }
}

export type DevicePoints = Points & { device: string };

/** At most `ROWS_AT_ONCE` of them. A device that was removed meanwhile is left out. */
export async function putDeviceHealth(tx: Tx, day: number, devices: readonly DevicePoints[]): Promise<void> {
  const ids = devices.map(({ device }) => device);
  const rows = await tx.selectFrom('device').select('id').where('id', 'in', ids).execute();
  const known = new Set(rows.map(({ id }) => id));
  const values = devices
    .filter(({ device }) => known.has(device))
    .map((one) => ({ device_id: one.device, day, ...pointsOf(one) }));
  if (values.length === 0) return;
  await tx
    .insertInto('device_health')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['device_id', 'day']).doUpdateSet((eb) => ({
        availability: eb.ref('excluded.availability'),
        performance: eb.ref('excluded.performance'),
        security: eb.ref('excluded.security'),
        compliance: eb.ref('excluded.compliance'),
        confidence: eb.ref('excluded.confidence'),
      })),
    )
    .execute();
}

const momentOf = (at: number, points: Points): HealthMoment => ({
  at,
  ...pointsOf(points),
  score: points.availability + points.performance + points.security + points.compliance,
});

/** Oldest first. */
export async function deviceHealthSince(
  db: Db,
  scope: Scope,
  device: DeviceId,
  since: number,
): Promise<HealthMoment[]> {
  const rows = await db
    .selectFrom('device_health')
    .innerJoin('device', 'device.id', 'device_health.device_id')
    .select(['day', ...POINTS])
    .where('device_id', '=', device)
    .where('day', '>=', Math.floor(since / DAY_MS))
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .orderBy('day')
    .execute();
  return rows.map(({ day, ...points }) => momentOf(day * DAY_MS, points));
}

/** Of one site or of all sites that are seen as a whole, as one; oldest first. */
export async function siteHealthSince(
  db: Db,
  scope: Scope,
  site: SiteId | undefined,
  since: number,
): Promise<HealthMoment[]> {
  let query = db
    .selectFrom('site_health')
    .select(({ fn }) => ['hour', fn.sum<number>('devices').as('devices')] as const)
    .select(({ fn }) => POINTS.map((name) => fn.sum<number>(name).as(name)))
    .where('hour', '>=', Math.floor(since / HOUR_MS))
    .where(inScope(scope, 'site_id'))
    .groupBy('hour')
    .orderBy('hour');
  if (site !== undefined) query = query.where('site_id', '=', site);
  const rows = await query.execute();
  return rows.flatMap(({ hour, devices, ...sums }) => {
    const count = Number(devices);
    // PostgreSQL tells sums as texts.
    const mean = (name: keyof Points): number => Math.round(Number(sums[name]) / count);
    if (count === 0) return [];
    const means = Object.fromEntries(POINTS.map((name) => [name, mean(name)])) as Points; // one entry per name
    return [momentOf(hour * HOUR_MS, means)];
  });
}

/** Hours and days before these; the number of rows that went. */
export async function forgetHealth(tx: Tx, before: number): Promise<number> {
  const hours = await tx
    .deleteFrom('site_health')
    .where('hour', '<', Math.floor(before / HOUR_MS))
    .executeTakeFirst();
  const days = await tx
    .deleteFrom('device_health')
    .where('day', '<', Math.floor(before / DAY_MS))
    .executeTakeFirst();
  return Number(hours.numDeletedRows) + Number(days.numDeletedRows);
}
