// Which rows of the fleet a reader sees: every answer from memory asks here, counts and totals too.
import { type Scope, seesDevice, seesSite } from '#console/access/scope.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import type { FleetRows } from './fleet-rows.ts';

const NO = 0;
const WHOLE = 1;
const SOME = 2;

/** Good for one reading: a site is asked of once, a device only where its site is seen in part. */
export function visibleRows(rows: FleetRows, scope: Scope): (row: number) => boolean {
  const { sites } = rows;
  const seen = new Uint8Array(sites.length);
  // Ids as the database has them.
  for (const [place, { id }] of sites.all()) seen[place] = howSeen(scope, id as SiteId);
  const ids = rows.texts.id.text;
  return (row) => {
    const place = rows.site[row] ?? 0;
    const how = seen[place];
    if (how !== SOME) return how === WHOLE;
    return seesDevice(scope, (sites.at(place)?.id ?? '') as SiteId, (ids[row] ?? '') as DeviceId); // likewise
  };
}

function howSeen(scope: Scope, site: SiteId): number {
  if (scope.kind !== 'part') return seesSite(scope, site) ? WHOLE : NO;
  const { sites, devices, without } = scope.part;
  if (sites.has(site)) return without.size === 0 ? WHOLE : SOME;
  return devices.size === 0 ? NO : SOME;
}
