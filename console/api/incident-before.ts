// What may have led to an incident: inventory of its device that changed the day before, and the orders on it.
import { type Scope, seesDevice } from '#console/access/scope.ts';
import type { Incident } from '#console/alerts/incident-board.ts';
import type { TimelineItem } from '#shared/contract/timeline-item.ts';
import type { ApiServices } from './services.ts';

const DAY_MS = 86_400_000;
/** Of each kind: a day with more is a day of work on the device, and its own timeline tells it. */
const MAX_ITEMS = 50;

interface Reader {
  scope: Scope;
  /** What they may see by another right. */
  scopeOf: (verb: string) => Promise<Scope>;
}

/** Newest first; of what the reader may see by the rights of inventories and orders. */
export async function whatCameBefore(
  { inventory, actions, people }: Pick<ApiServices, 'inventory' | 'actions' | 'people'>,
  { scopeOf }: Reader,
  { siteId, deviceId, openedAt }: Incident,
): Promise<TimelineItem[]> {
  if (siteId === null || deviceId === null) return [];
  const since = openedAt - DAY_MS;
  const items: TimelineItem[] = [];
  if (seesDevice(await scopeOf('inventory.read'), siteId, deviceId)) {
    const changes = await inventory.changesBefore(deviceId, { at: openedAt, of: 'all' }, MAX_ITEMS);
    const some = changes.filter(({ at }) => at >= since);
    const diffs = await inventory.describe(some);
    for (const [i, diff] of diffs.entries()) {
      const change = some[i];
      if (change !== undefined) items.push({ type: 'inventory', at: change.at, kind: change.kind, ...diff });
    }
  }
  if (seesDevice(await scopeOf('action.read'), siteId, deviceId)) {
    const orders = (await actions.ofDeviceBefore(deviceId, undefined, MAX_ITEMS)).filter(({ at }) => at >= since);
    const nameOf = await people.actorNames(orders.map(({ createdBy }) => createdBy));
    for (const { id, createdBy, ...order } of orders)
      items.push({ type: 'action', action: id, by: nameOf(createdBy), ...order });
  }
  return items.sort((a, b) => b.at - a.at);
}
