// Everything that happened to one device as one list, newest first: merged from four rooms that each keep their own order.
import { z } from 'zod';
import type { FactChange } from '#console/inventory/inventory.ts';
import { listAuditOf } from '#console/query/read-audit.ts';
import { type PageOf, type PageRequest, readCursor, type TimeBound, writeCursor } from '#console/store/cursor.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { TimelineItem } from '#shared/contract/timeline-item.ts';
import type { ApiServices } from './services.ts';

/** Of one time, in this order. */
const SOURCES = ['change', 'action', 'event', 'inventory'] as const;
type Source = (typeof SOURCES)[number];

interface Entry {
  at: number;
  source: Source;
  id: string | number;
  /** An inventory is compared only when it is shown. */
  item: TimelineItem | FactChange;
}

const Key = z.tuple([z.int(), z.enum(SOURCES), z.union([z.string().max(64), z.int()])]);
type Key = z.infer<typeof Key>;

export type TimelineRooms = Pick<ApiServices, 'store' | 'devices' | 'actions' | 'inventory' | 'people'>;

/** The caller has checked that the device may be seen. */
export async function deviceTimeline(
  rooms: TimelineRooms,
  device: DeviceId,
  page: PageRequest,
): Promise<PageOf<TimelineItem>> {
  const after = readCursor(page.cursor, Key);
  const entries = await readAll(rooms, device, after, page.limit + 1);
  const some = entries.sort(inOrder).slice(0, page.limit);
  const { shown, items } = await compareShown(rooms, some);
  const last = shown.at(-1);
  const hasMore = entries.length > shown.length && last !== undefined;
  return { items, nextCursor: hasMore ? writeCursor([last.at, last.source, last.id]) : null };
}

const rank = (source: Source): number => SOURCES.indexOf(source);

function inOrder(a: Entry, b: Entry): number {
  if (a.at !== b.at) return b.at - a.at;
  if (a.source !== b.source) return rank(a.source) - rank(b.source);
  return a.id < b.id ? 1 : -1;
}

/** Where a source goes on when the last row shown was `after`. */
function boundOf(source: Source, after: Key | undefined): TimeBound | undefined {
  if (after === undefined) return undefined;
  const [at, from, id] = after;
  if (source === from) return { at, of: { below: id } };
  return { at, of: rank(source) > rank(from) ? 'all' : 'none' };
}

async function readAll(
  { store, devices, actions, inventory, people }: TimelineRooms,
  device: DeviceId,
  after: Key | undefined,
  limit: number,
): Promise<Entry[]> {
  const events = await devices.eventsBefore(device, boundOf('event', after), limit);
  const facts = await inventory.changesBefore(device, boundOf('inventory', after), limit);
  const orders = await actions.ofDeviceBefore(device, boundOf('action', after), limit);
  const edits = await listAuditOf(store.db, `device:${device}`, boundOf('change', after), limit);
  const nameOf = await people.actorNames([...edits.map((row) => row.actor), ...orders.map((row) => row.createdBy)]);
  return [
    ...events.map((event): Entry => {
      return { at: event.at, source: 'event', id: event.seq, item: { type: 'event', at: event.at, event } };
    }),
    ...facts.map((change): Entry => ({ at: change.at, source: 'inventory', id: change.kind, item: change })),
    ...orders.map(({ id, at, createdBy, ...order }): Entry => {
      return { at, source: 'action', id, item: { type: 'action', at, action: id, by: nameOf(createdBy), ...order } };
    }),
    ...edits.map(({ seq, at, actor, verb, detail }): Entry => {
      return { at, source: 'change', id: seq, item: { type: 'change', at, by: nameOf(actor), verb, detail } };
    }),
  ];
}

/** Reads and compares the inventories among the entries; where that is too much for one answer, the page ends there. */
async function compareShown(
  { inventory }: TimelineRooms,
  entries: readonly Entry[],
): Promise<{ shown: Entry[]; items: TimelineItem[] }> {
  const changes = entries.flatMap(({ item }) => ('type' in item ? [] : [item]));
  const diffs = (await inventory.describe(changes))[Symbol.iterator]();
  const shown: Entry[] = [];
  const items: TimelineItem[] = [];
  for (const entry of entries) {
    const { item } = entry;
    if ('type' in item) items.push(item);
    else {
      const diff = diffs.next();
      if (diff.done === true) break;
      items.push({ type: 'inventory', at: item.at, kind: item.kind, ...diff.value });
    }
    shown.push(entry);
  }
  return { shown, items };
}
