// Which sealed hours each mirror still has to be told: durable, so that a restart goes on where it stood.
import type { Db, Tx } from '#console/store/engine.ts';
import type { SiteId } from '#shared/base/id.ts';

export interface QueuedHour {
  site: SiteId;
  hour: number;
  /** Rises when the hour is sealed again: what was told meanwhile is told once more. */
  round: number;
}

export class MirrorRepository {
  /** In the transaction that takes the hour for sealed. */
  async add(tx: Tx, targets: readonly string[], { site, hour }: { site: SiteId; hour: number }): Promise<void> {
    if (targets.length === 0) return;
    await tx
      .insertInto('mirror_hour')
      .values(targets.map((target) => ({ target, site_id: site, hour, round: 1 })))
      .onConflict((conflict) =>
        conflict
          .columns(['target', 'site_id', 'hour'])
          .doUpdateSet((eb) => ({ round: eb('mirror_hour.round', '+', 1) })),
      )
      .execute();
  }

  /** The oldest first. */
  async next(db: Db, target: string): Promise<QueuedHour | undefined> {
    const row = await db
      .selectFrom('mirror_hour')
      .select(['site_id', 'hour', 'round'])
      .where('target', '=', target)
      .orderBy('hour')
      .orderBy('site_id')
      .limit(1)
      .executeTakeFirst();
    // Ids as this table's only writer has them.
    return row && { site: row.site_id as SiteId, hour: row.hour, round: row.round };
  }

  /** Leaves it there when it was sealed again meanwhile. */
  async done(tx: Tx, target: string, { site, hour, round }: QueuedHour): Promise<void> {
    await tx
      .deleteFrom('mirror_hour')
      .where('target', '=', target)
      .where('site_id', '=', site)
      .where('hour', '=', hour)
      .where('round', '=', round)
      .execute();
  }

  /** How many hours of sites were given up. */
  async giveUp(tx: Tx, target: string, beforeHour: number): Promise<number> {
    const gone = await tx
      .deleteFrom('mirror_hour')
      .where('target', '=', target)
      .where('hour', '<', beforeHour)
      .executeTakeFirst();
    return Number(gone.numDeletedRows);
  }

  /** Targets that the configuration no longer has. */
  async forgetOthers(tx: Tx, targets: readonly string[]): Promise<void> {
    const gone = tx.deleteFrom('mirror_hour');
    await (targets.length === 0 ? gone : gone.where('target', 'not in', targets)).execute();
  }

  async waiting(db: Db, target: string): Promise<{ hours: number; oldest: number | undefined }> {
    const row = await db
      .selectFrom('mirror_hour')
      .select(({ fn }) => [fn.countAll<number>().as('hours'), fn.min('hour').as('oldest')])
      .where('target', '=', target)
      .executeTakeFirstOrThrow();
    return { hours: Number(row.hours), oldest: row.oldest ?? undefined };
  }
}
