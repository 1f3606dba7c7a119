// Notifications in the database: planned, claimed, held, tried, over.
import { sql } from 'kysely';
import { inScope, type Scope, seesEverything } from '#console/access/scope.ts';
import { type PageOf, type PageRequest, pageFrom, readCursor, TimeKey } from '#console/store/cursor.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import { storedText } from '#console/store/stored-text.ts';
import {
  type ChannelId,
  type ContactId,
  type DeviceId,
  type IncidentId,
  NotificationId,
  type RouteId,
  type SiteId,
} from '#shared/base/id.ts';
import { Notification } from '#shared/contract/notify-contract.ts';
import { Message } from './message.ts';

export interface NewNotification {
  id: NotificationId;
  at: number;
  state: Notification['state'];
  message: Message;
  incidentId: IncidentId | null;
  siteId: SiteId | null;
  deviceId: DeviceId | null;
  channel: { id: ChannelId; name: string; kind: string };
  contactId: ContactId | null;
  contactName: string;
  to: string;
  recipient: string;
  routeId: RouteId | null;
  nextAt: number | null;
  ackHash: string | null;
}

export interface StoredNotification extends Notification {
  message: Message;
  recipient: string;
  /** In full, for the delivery. */
  address: string;
  digestId: NotificationId | null;
  hasAck: boolean;
}

export async function insertNotification(tx: Tx, one: NewNotification): Promise<void> {
  await tx
    .insertInto('notification')
    .values({
      id: one.id,
      at: one.at,
      reason: one.message.reason,
      state: one.state,
      incident_id: one.incidentId,
      site_id: one.siteId,
      device_id: one.deviceId,
      severity: one.message.severity,
      title: storedText(one.message.title, 500),
      body: storedText(JSON.stringify(one.message), 200_000),
      channel_id: one.channel.id,
      channel_name: one.channel.name,
      channel_kind: one.channel.kind,
      contact_id: one.contactId,
      contact_name: one.contactName,
      address: one.to,
      recipient: one.recipient,
      route_id: one.routeId,
      attempts: 0,
      next_at: one.nextAt,
      ack_hash: one.ackHash,
    })
    .execute();
}

const columns = [
  'id',
  'at',
  'reason',
  'state',
  'incident_id',
  'site_id',
  'severity',
  'title',
  'body',
  'channel_id',
  'channel_name',
  'channel_kind',
  'contact_id',
  'contact_name',
  'address',
  'recipient',
  'route_id',
  'attempts',
  'next_at',
  'sent_at',
  'error',
  'digest_id',
  'ack_hash',
] as const;

const query = (db: Db) => db.selectFrom('notification').select(columns);
type Row = Awaited<ReturnType<ReturnType<typeof query>['executeTakeFirstOrThrow']>>;

/** The middle of an address is the log's business and nobody's at the next desk. */
const shortened = (address: string): string =>
  address.length < 8 || address.includes('@') ? address : `${address.slice(0, 3)}\u2026${address.slice(-3)}`;

function toNotification(row: Row): StoredNotification {
  const shown = Notification.parse({
    id: row.id,
    at: row.at,
    reason: row.reason,
    state: row.state,
    incidentId: row.incident_id,
    siteId: row.site_id,
    severity: row.severity,
    title: row.title,
    channelId: row.channel_id,
    channelName: row.channel_name,
    channelKind: row.channel_kind,
    contactId: row.contact_id,
    contactName: row.contact_name,
    to: shortened(row.address),
    routeId: row.route_id,
    attempts: row.attempts,
    nextAt: row.next_at,
    sentAt: row.sent_at,
    error: row.error,
  });
  return {
    ...shown,
    message: Message.parse(JSON.parse(row.body)),
    recipient: row.recipient,
    address: row.address,
    digestId: row.digest_id === null ? null : NotificationId.parse(row.digest_id),
    hasAck: row.ack_hash !== null,
  };
}

export interface LogFilter {
  incidentId?: IncidentId | undefined;
  contactId?: ContactId | undefined;
  channelId?: ChannelId | undefined;
  state?: Notification['state'] | undefined;
}

/** Newest first. What is of no site, such as a digest, is for those who see everything. */
export async function listNotifications(
  db: Db,
  scope: Scope,
  { limit, cursor, incidentId, contactId, channelId, state }: PageRequest & LogFilter,
): Promise<PageOf<StoredNotification>> {
  const after = readCursor(cursor, TimeKey);
  const rows = await query(db)
    .$if(!seesEverything(scope), (q) => q.where(inScope(scope, 'site_id')))
    .$if(incidentId !== undefined, (q) => q.where('incident_id', '=', incidentId ?? ''))
    .$if(contactId !== undefined, (q) => q.where('contact_id', '=', contactId ?? ''))
    .$if(channelId !== undefined, (q) => q.where('channel_id', '=', channelId ?? ''))
    .$if(state !== undefined, (q) => q.where('state', '=', state ?? ''))
    .$if(after !== undefined, (q) => q.where(sql<boolean>`(at, id) < (${after?.[0] ?? 0}, ${after?.[1] ?? ''})`))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageFrom(rows, limit, toNotification, ({ at, id }) => [at, id]);
}

export async function findNotification(
  db: Db,
  scope: Scope,
  id: NotificationId,
): Promise<StoredNotification | undefined> {
  const row = await query(db)
    .where('id', '=', id)
    .$if(!seesEverything(scope), (q) => q.where(inScope(scope, 'site_id')))
    .executeTakeFirst();
  return row === undefined ? undefined : toNotification(row);
}

/** All that was said of an incident, oldest first. */
export async function notificationsOf(db: Db, incident: IncidentId): Promise<StoredNotification[]> {
  const rows = await query(db).where('incident_id', '=', incident).orderBy('at').orderBy('id').execute();
  return rows.map(toNotification);
}

/** Due by then, the longest waiting first; those of busy channels are left, so that they stand in nobody's way. */
export async function dueNotifications(
  db: Db,
  now: number,
  { limit, busy }: { limit: number; busy: readonly string[] },
): Promise<StoredNotification[]> {
  const rows = await query(db)
    .where('next_at', '<=', now)
    .where('state', 'in', ['waiting', 'retrying'])
    .$if(busy.length > 0, (q) =>
      q.where((eb) => eb.or([eb('channel_id', 'is', null), eb('channel_id', 'not in', busy)])),
    )
    .orderBy('next_at')
    .limit(limit)
    .execute();
  return rows.map(toNotification);
}

/** When something is due next; undefined when nothing waits. */
export async function nextDueAt(db: Db): Promise<number | undefined> {
  const row = await db
    .selectFrom('notification')
    .select('next_at')
    .where('next_at', 'is not', null)
    .orderBy('next_at')
    .limit(1)
    .executeTakeFirst();
  return row?.next_at ?? undefined;
}

export interface Move {
  state: Notification['state'];
  nextAt?: number | null;
  sentAt?: number;
  error?: string | null;
  attempts?: number;
  digestId?: NotificationId;
}

export async function moveNotifications(tx: Tx, ids: readonly NotificationId[], move: Move): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('notification')
    .set({
      state: move.state,
      next_at: move.nextAt ?? null,
      ...(move.sentAt === undefined ? {} : { sent_at: move.sentAt }),
      ...(move.error === undefined ? {} : { error: move.error }),
      ...(move.attempts === undefined ? {} : { attempts: move.attempts }),
      ...(move.digestId === undefined ? {} : { digest_id: move.digestId }),
    })
    .where('id', 'in', ids)
    .execute();
}

/** What was left in the middle of an attempt, of these or of all, is tried again: it may be told twice, and never not at all. */
export async function recoverSending(tx: Tx, now: number, of?: readonly NotificationId[]): Promise<number> {
  const result = await tx
    .updateTable('notification')
    .set({ state: 'retrying', next_at: now })
    .where('state', '=', 'sending')
    .$if(of !== undefined, (q) => q.where('id', 'in', of ?? []))
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** The digest's own row carries the others: they are over when it is. */
export async function moveOfDigest(tx: Tx, digest: NotificationId, move: Move): Promise<void> {
  const rows = await tx.selectFrom('notification').select('id').where('digest_id', '=', digest).execute();
  const ids = rows.map(({ id }) => NotificationId.parse(id));
  for (let from = 0; from < ids.length; from += 500) await moveNotifications(tx, ids.slice(from, from + 500), move);
}

/** Told to them since then, and on its way just now. */
export async function toldSince(db: Db, recipient: string, since: number): Promise<number> {
  const query_ = db.selectFrom('notification').select(({ fn }) => fn.countAll<number>().as('n'));
  const own = query_.where('recipient', '=', recipient).where('digest_id', 'is', null);
  const sent = await own.where('sent_at', '>', since).executeTakeFirstOrThrow();
  const going = await own
    .where('sent_at', 'is', null)
    .where('state', 'in', ['sending', 'retrying'])
    .executeTakeFirstOrThrow();
  return sent.n + going.n;
}

/** Held for a recipient, oldest first. */
export async function heldOf(db: Db, recipient: string, limit: number): Promise<StoredNotification[]> {
  const rows = await query(db)
    .where('recipient', '=', recipient)
    .where('sent_at', 'is', null)
    .where('state', '=', 'held')
    .where('digest_id', 'is', null)
    .orderBy('at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toNotification);
}

/** What is held falls due together: so many rows name every place there is. */
const MOST_DUE = 5_000;

/** Recipients whose digest is due. Without `distinct`, which would walk all that was ever told. */
export async function dueDigests(db: Db, now: number): Promise<string[]> {
  const rows = await db
    .selectFrom('notification')
    .select('recipient')
    .where('next_at', '<=', now)
    .where('state', '=', 'held')
    .orderBy('next_at')
    .limit(MOST_DUE)
    .execute();
  return [...new Set(rows.map(({ recipient }) => recipient))];
}

export async function lastDigestAt(db: Db, recipient: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('notification')
    .select('at')
    .where('recipient', '=', recipient)
    .where('reason', '=', 'digest')
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.at;
}

/** The log of two months is enough to answer for; older ones go. */
export async function removeNotifications(tx: Tx, before: number): Promise<number> {
  const result = await tx
    .deleteFrom('notification')
    .where('at', '<', before)
    .where('next_at', 'is', null)
    .where('state', 'in', ['sent', 'dead', 'dropped'])
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
