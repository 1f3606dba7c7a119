// Whose readings a question is about: the devices that a reader sees of a site, a group, a customer or the fleet, and which sites of it are whole.
import { type Scope, seesAllOf, seesEverything } from '#console/access/scope.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { KnownFacts } from '#shared/model/standing-rule.ts';
import type { FleetRows } from './fleet-rows.ts';
import type { GroupState } from './group-members.ts';
import { visibleRows } from './visible-rows.ts';

export interface SelectedDevice {
  id: DeviceId;
  name: string;
  siteId: SiteId;
  siteName: string;
  relayId: RelayId | null;
  intervalMs: number;
  /** When the console first knew it. */
  createdAt: number;
  /** What rules of checks may ask of it; what is not known fits none. */
  facts: KnownFacts;
}

export interface Selection {
  devices: SelectedDevice[];
  /** Sites that are asked for and seen as a whole: their own sums may be told. */
  sites: SiteId[];
}

/** Undefined where there is no such thing, or nothing of it is seen: the two look the same. */
export function selectDevices(
  rows: FleetRows,
  groups: readonly GroupState[],
  scope: Scope,
  over: string,
): Selection | undefined {
  const [kind = '', id = ''] = over.split(':');
  const isVisible = visibleRows(rows, scope);
  const members = kind === 'group' ? groups.find((group) => group.id === id)?.members : undefined;
  if (kind === 'group' && members === undefined) return undefined;
  const asked = new Set<string>();
  for (const [, site] of rows.sites.all())
    if (kind === 'fleet' || (kind === 'site' && site.id === id) || (kind === 'customer' && site.customerId === id))
      asked.add(site.id);
  const devices: SelectedDevice[] = [];
  for (const row of rows.all()) {
    const site = rows.siteOf(row);
    if (site === undefined || !isVisible(row)) continue;
    if (members === undefined ? !asked.has(site.id) : members[row] !== 1) continue;
    devices.push(selectedOf(rows, row, site));
  }
  // Ids as the database has them.
  const sites = ([...asked] as SiteId[]).filter((site) => seesAllOf(scope, site));
  const isThere =
    devices.length > 0 || sites.length > 0 || kind === 'fleet' || (kind === 'group' && seesEverything(scope));
  return isThere ? { devices, sites } : undefined;
}

/** One device that the reader sees. */
export function selectOne(rows: FleetRows, scope: Scope, id: string): SelectedDevice | undefined {
  const row = rows.rowOf(id);
  const site = row === undefined ? undefined : rows.siteOf(row);
  if (row === undefined || site === undefined || !visibleRows(rows, scope)(row)) return undefined;
  return selectedOf(rows, row, site);
}

function selectedOf(rows: FleetRows, row: number, site: { id: string; name: string }): SelectedDevice {
  return {
    // Ids as the database has them.
    id: (rows.texts.id.text[row] ?? '') as DeviceId,
    name: rows.texts.name.text[row] ?? '',
    siteId: site.id as SiteId,
    siteName: site.name,
    relayId: (rows.relayOf(row)?.id ?? null) as RelayId | null,
    intervalMs: rows.numbers.interval[row] ?? 0,
    createdAt: rows.numbers.added[row] ?? 0,
    facts: {
      system: rows.textOf('system', row),
      hostname: rows.texts.hostname.text[row] ?? '',
      address: rows.texts.address.text[row] ?? '',
      transport: rows.textOf('transport', row),
    },
  };
}
