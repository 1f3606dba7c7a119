// What the journal of open hours holds: frames that are received and not sealed.
import type { Db } from '#console/store/engine.ts';

const HOURS_A_DAY = 24;

export async function openTier(db: Db): Promise<{ days: number; bytes: number; oldestDay: number | null }> {
  // A SCAN of the open hours: somebody looks at the page of storage.
  const rows = await db
    .selectFrom('metric_frame')
    .select(({ fn }) => ['hour', fn.sum<number | null>(fn('length', ['data'])).as('bytes')])
    .groupBy('hour')
    .execute();
  const days = new Set(rows.map(({ hour }) => Math.floor(hour / HOURS_A_DAY)));
  return {
    days: days.size,
    bytes: rows.reduce((sum, row) => sum + Number(row.bytes ?? 0), 0),
    oldestDay: days.size === 0 ? null : Math.min(...days),
  };
}
