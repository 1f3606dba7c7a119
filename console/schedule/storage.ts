// What the console stores: bytes and days of each tier, the database beside them, and the room that is left.
import { statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { Storage, StorageTier, TierUse } from '#shared/contract/maintenance-contract.ts';
import type { Retention } from '#shared/model/retention.ts';
import { listDamaged } from './job-repository.ts';
import { openTier } from './open-tier-repository.ts';
import { type RoomNeeds, roomOf } from './room-level.ts';

/** A file of a day, as the metrics worker tells of it. */
export interface TierDay {
  tier: StorageTier;
  day: number;
  bytes: number;
}

export interface StorageDeps {
  store: Store;
  clock: Clock;
  /** The data folder. */
  data: string;
  retention: Retention;
  needs: RoomNeeds;
  /** Files of past days, and samples and bytes of the newest closed raw one. */
  past: () => Promise<{ days: readonly TierDay[]; raw: { samples: number; bytes: number } }>;
  backup: () => Promise<Storage['backup']>;
}

const SHOWN_DAMAGED = 100;
const PAST_TIERS = ['raw', 'hours', 'days', 'archive'] as const satisfies readonly StorageTier[];

export function readRoom(folder: string): { freeBytes: number; totalBytes: number } {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** SQLite: the file, its journal and its index. PostgreSQL: what the server says of the database. */
async function controlBytes({ store, data }: StorageDeps): Promise<number> {
  if (store.engine === 'postgres') {
    const asked = await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(store.db);
    return Number(asked.rows[0]?.bytes ?? 0);
  }
  const files = ['console.db', 'console.db-wal', 'console.db-shm'].map((name) => path.join(data, name));
  return files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

export function usesOf(days: readonly TierDay[]): TierUse[] {
  return PAST_TIERS.map((tier) => {
    const own = days.filter((one) => one.tier === tier);
    return {
      tier,
      days: own.length,
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      oldestDay: own.length === 0 ? null : Math.min(...own.map(({ day }) => day)),
    };
  });
}

export async function readStorage(deps: StorageDeps): Promise<Storage> {
  const { store, clock, data, retention, needs } = deps;
  const [{ days, raw }, open] = [await deps.past(), await openTier(store.db)];
  const tiers: TierUse[] = [{ tier: 'open', ...open }, ...usesOf(days)];
  const room = readRoom(data);
  const level = roomOf(room, needs);
  return {
    at: clock.now(),
    tiers,
    controlBytes: await controlBytes(deps),
    ...room,
    room: level.room,
    roomText: level.text,
    retention,
    bytesPerSample: raw.samples === 0 ? null : raw.bytes / raw.samples,
    damaged: await listDamaged(store.db, SHOWN_DAMAGED),
    backup: await deps.backup(),
  };
}
