// The relay's own caps: device executions in any ten minutes, of each tier and in all, on disk so that a restart does not refill them.
import type { Database } from 'better-sqlite3';
import { AppError } from '#shared/base/errors.ts';
import type { Tier } from '#shared/model/action-tier.ts';

const WINDOW_MS = 600_000;

const SUM = 'select coalesce(sum(devices), 0) from execution_window where at > ?';
const TIER_SUM = 'select coalesce(sum(devices), 0) from execution_tier_window where at > ? and tier = ?';
const PRUNE = 'delete from execution_window where at <= ?';
const TIER_PRUNE = 'delete from execution_tier_window where at <= ?';
const INSERT = 'insert into execution_window (at, devices) values (?, ?)';
const TIER_INSERT = 'insert into execution_tier_window (at, tier, devices) values (?, ?, ?)';
const MEND = 'update execution_window set at = ? where at > ?';
const TIER_MEND = 'update execution_tier_window set at = ? where at > ?';

/** A table of its own for the tiers: a journal of an older release has the first one only, and counts on in it. */
export const WINDOW_SCHEMA = `
create table if not exists execution_window (at integer not null, devices integer not null) strict;
create table if not exists execution_tier_window (at integer not null, tier text not null, devices integer not null) strict;
`;

/**
 * After a clock was set back, what was counted in what is now the future counts as of now: turning it buys nothing, and
 * a clock that was years ahead blocks ten minutes, not years. In a commit of its own, which a refusal does not undo.
 */
export function mendWindow(db: Database, now: number): void {
  db.prepare(MEND).run(now, now);
  db.prepare(TIER_MEND).run(now, now);
}

export interface Executions {
  devices: number;
  now: number;
  tier: Tier;
  /** Of the tier, and of all tiers together. */
  tierCap: number;
  cap: number;
}

/** Counts `devices` executions at `now`, or throws `cap-exceeded` and counts nothing. Call it inside a transaction. */
export function takeExecutions(db: Database, { devices, now, tier, tierCap, cap }: Executions): void {
  const since = now - WINDOW_MS;
  const used = Number(db.prepare(SUM).pluck().get(since));
  const ofTier = Number(db.prepare(TIER_SUM).pluck().get(since, tier));
  if (used + devices > cap) throw exceeded(used, devices, `the charter's ${cap}`);
  if (ofTier + devices > tierCap) throw exceeded(ofTier, devices, `the charter's ${tierCap} of ${tier}`);
  db.prepare(PRUNE).run(since);
  db.prepare(TIER_PRUNE).run(since);
  db.prepare(INSERT).run(now, devices);
  db.prepare(TIER_INSERT).run(now, tier, devices);
}

const exceeded = (used: number, more: number, cap: string) =>
  new AppError('cap-exceeded', `${used} devices in the last ten minutes and ${more} more exceed ${cap}`);
