// Channels in the database; their secrets only as the box closed them.
import { z } from 'zod';
import type { Db, Tx } from '#console/store/engine.ts';
import { ChannelId } from '#shared/base/id.ts';

export interface StoredChannel {
  id: ChannelId;
  kind: string;
  name: string;
  isOn: boolean;
  settings: Record<string, string>;
  /** As the box closed them; null where there are none. */
  sealed: string | null;
  secrets: string[];
  lastSentAt: number | null;
  lastFailedAt: number | null;
  failures: number;
  lastError: string | null;
  createdAt: number;
}

const Settings = z.record(z.string(), z.string());
const Names = z.array(z.string());

const channelQuery = (db: Db) =>
  db
    .selectFrom('notify_channel')
    .select([
      'id',
      'kind',
      'name',
      'is_on',
      'settings',
      'secrets',
      'secret_names',
      'last_sent_at',
      'last_failed_at',
      'failures',
      'last_error',
      'created_at',
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof channelQuery>['executeTakeFirstOrThrow']>>;

const toChannel = (row: Row): StoredChannel => ({
  id: ChannelId.parse(row.id),
  kind: row.kind,
  name: row.name,
  isOn: row.is_on === 1,
  settings: Settings.parse(JSON.parse(row.settings)),
  sealed: row.secrets,
  secrets: Names.parse(JSON.parse(row.secret_names)),
  lastSentAt: row.last_sent_at,
  lastFailedAt: row.last_failed_at,
  failures: row.failures,
  lastError: row.last_error,
  createdAt: row.created_at,
});

/** By name; there are at most some dozens. */
export async function listChannels(db: Db): Promise<StoredChannel[]> {
  return (await channelQuery(db).orderBy('name').execute()).map(toChannel);
}

export async function findChannel(db: Db, id: ChannelId): Promise<StoredChannel | undefined> {
  const row = await channelQuery(db).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toChannel(row);
}

const written = ({ kind, name, isOn, settings, sealed, secrets }: StoredChannel) => ({
  kind,
  name,
  is_on: isOn ? (1 as const) : (0 as const),
  settings: JSON.stringify(settings),
  secrets: sealed,
  secret_names: JSON.stringify(secrets),
});

export async function insertChannel(tx: Tx, channel: StoredChannel): Promise<void> {
  await tx
    .insertInto('notify_channel')
    .values({ id: channel.id, ...written(channel), failures: 0, created_at: channel.createdAt })
    .execute();
}

export async function updateChannel(tx: Tx, channel: StoredChannel): Promise<void> {
  await tx.updateTable('notify_channel').set(written(channel)).where('id', '=', channel.id).execute();
}

export async function deleteChannel(tx: Tx, id: ChannelId): Promise<boolean> {
  const result = await tx.deleteFrom('notify_channel').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** How an attempt went, an error as one line without a secret; returns how often it went wrong since it last went well. */
export async function setChannelHealth(
  tx: Tx,
  { id, at, error }: { id: string; at: number; error: string | null },
): Promise<number> {
  const row = await tx
    .updateTable('notify_channel')
    .set((eb) =>
      error === null
        ? { last_sent_at: at, failures: 0, last_error: null }
        : { last_failed_at: at, failures: eb('failures', '+', 1), last_error: error },
    )
    .where('id', '=', id)
    .returning('failures')
    .executeTakeFirst();
  return row?.failures ?? 0;
}
