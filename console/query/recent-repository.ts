// What happened on devices lately, over the whole estate: from four tables, each by its own time, newest first.
import { deviceInScope, type Scope } from '#console/access/scope.ts';
import type { Db } from '#console/store/engine.ts';
import { DeviceId, ManifestId } from '#shared/base/id.ts';
import type { TimelineItem } from '#shared/contract/timeline-item.ts';

export interface RecentItem {
  device: DeviceId;
  item: TimelineItem;
}

interface Span {
  since: number;
  /** Rows of each kind; more are not counted either. */
  limit: number;
}

/** Where others stand between those that are told (first inventories, sign-ins), no more than this are looked at. */
const MIXED_ROWS = 500;

/** A relay's own events and stream incidents are of no device. */
export async function recentEvents(db: Db, scope: Scope, { since, limit }: Span): Promise<RecentItem[]> {
  const rows = await db
    .selectFrom('event')
    .select(['seq', 'at', 'received_at', 'device_id', 'type', 'severity', 'code', 'detail'])
    .where('received_at', '>=', since)
    .where('device_id', 'is not', null)
    .where(deviceInScope(scope, 'event.site_id', 'event.device_id'))
    .orderBy('received_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => {
    const { seq, at, received_at, device_id, type, severity, code, detail } = row;
    const device = DeviceId.parse(device_id);
    const event = { seq, at, receivedAt: received_at, deviceId: device, type, severity, code, detail };
    return { device, item: { type: 'event', at, event } };
  });
}

/** That it changed: what of it, the device's own timeline says. The first inventory of a device is no change. */
export async function recentFacts(db: Db, scope: Scope, { since, limit }: Span): Promise<RecentItem[]> {
  const rows = await db
    .selectFrom('fact_history as history')
    .innerJoin('device', 'device.id', 'history.device_id')
    .select(['history.device_id', 'history.kind', 'history.at'])
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('fact_history as before')
          .select('before.at')
          .whereRef('before.device_id', '=', 'history.device_id')
          .whereRef('before.kind', '=', 'history.kind')
          .whereRef('before.at', '<', 'history.at'),
      ).as('is_change'),
    )
    .where('history.at', '>=', since)
    .where(deviceInScope(scope, 'device.site_id', 'device.id'))
    .orderBy('history.at', 'desc')
    .limit(MIXED_ROWS)
    .execute();
  return rows
    .filter((row) => Boolean(row.is_change))
    .slice(0, limit)
    .map(({ device_id, kind, at }) => ({
      device: DeviceId.parse(device_id),
      item: { type: 'inventory', at, kind, isFirst: false, added: [], removed: [], changed: [], more: 0 },
    }));
}

export async function recentOutcomes(db: Db, scope: Scope, { since, limit }: Span): Promise<RecentItem[]> {
  const rows = await db
    .selectFrom('action_outcome')
    .innerJoin('action', 'action.id', 'action_outcome.action_id')
    .select(['action_outcome.device_id', 'action_outcome.at', 'action_outcome.state', 'action_outcome.exit_code'])
    .select(['action.id', 'action.name', 'action.reason', 'action.created_by'])
    .where('action_outcome.at', '>=', since)
    .where(deviceInScope(scope, 'action.site_id', 'action_outcome.device_id'))
    .orderBy('action_outcome.at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ device_id, id, at, name, state, reason, created_by, exit_code }) => ({
    device: DeviceId.parse(device_id),
    item: {
      type: 'action',
      at,
      action: ManifestId.parse(id),
      name,
      state,
      reason,
      by: created_by,
      exitCode: exit_code,
    },
  }));
}

const DEVICE = 'device:';
/** Edits by people; what relays and the console do is told by events. The trail is for who may see everything. */
export async function recentEdits(db: Db, scope: Scope, { since, limit }: Span): Promise<RecentItem[]> {
  if (scope.kind !== 'everything') return [];
  const rows = await db
    .selectFrom('audit_log')
    .select(['at', 'actor', 'verb', 'resource', 'detail'])
    .orderBy('seq', 'desc')
    .limit(MIXED_ROWS)
    .execute();
  return rows
    .filter(({ at, actor, resource }) => at >= since && resource.startsWith(DEVICE) && /^(?:person|token):/.test(actor))
    .slice(0, limit)
    .flatMap(({ at, actor, verb, resource, detail }) => {
      const device = DeviceId.safeParse(resource.slice(DEVICE.length));
      if (!device.success) return [];
      return [
        { device: device.data, item: { type: 'change' as const, at, by: actor, verb, detail: JSON.parse(detail) } },
      ];
    });
}
