// What happened on devices in the last hour, merged, newest first, with the names that people know them by.
import type { Scope } from '#console/access/scope.ts';
import type { Db } from '#console/store/engine.ts';
import type { Overview } from '#shared/contract/system-contract.ts';
import type { FleetRows } from './fleet-rows.ts';
import { type RecentItem, recentEdits, recentEvents, recentFacts, recentOutcomes } from './recent-repository.ts';

const SHOWN = 50;
/** Of each kind; what lies beyond is not counted. */
const READ = 250;

interface RecentDeps {
  db: Db;
  rows: FleetRows;
  /** Actors of the audit trail as people call them. */
  actorNames: (actors: Iterable<string>) => Promise<(actor: string) => string>;
}

export async function readRecent(
  { db, rows, actorNames }: RecentDeps,
  scopes: { scope: Scope; devices: Scope; actions: Scope },
  since: number,
): Promise<Pick<Overview, 'recent' | 'recentMore'>> {
  const span = { since, limit: READ };
  const items = [
    ...(await recentEvents(db, scopes.devices, span)),
    ...(await recentFacts(db, scopes.devices, span)),
    ...(await recentOutcomes(db, scopes.actions, span)),
    ...(await recentEdits(db, scopes.scope, span)),
  ].sort((a, b) => timeOf(b) - timeOf(a));
  const shown = items.slice(0, SHOWN);
  const nameOf = await actorNames(shown.flatMap(({ item }) => ('by' in item ? [item.by] : [])));
  const recent = shown.map(({ device, item }) => {
    const row = rows.rowOf(device);
    const deviceName = row === undefined ? '' : (rows.texts.name.text[row] ?? '');
    const siteName = row === undefined ? '' : (rows.siteOf(row)?.name ?? '');
    const named = 'by' in item ? { ...item, by: nameOf(item.by) } : item;
    return { deviceId: device, deviceName, siteName, item: named };
  });
  return { recent, recentMore: items.length - recent.length };
}

/** An event counts by when it came here: one told late is news all the same. */
const timeOf = ({ item }: RecentItem): number => (item.type === 'event' ? item.event.receivedAt : item.at);
