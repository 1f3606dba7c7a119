// Where rights lead in the estate as it is now: customers, sites, groups and tags become sites and devices.
import { createHash } from 'node:crypto';
import { type Resource, reaches } from '#console/access/grant.ts';
import { type Claim, type Part, partScope, type Scope } from '#console/access/scope.ts';
import type { CustomerId, DeviceId, SiteId } from '#shared/base/id.ts';
import type { GrantOver } from '#shared/model/grant.ts';
import type { FleetRows } from './fleet-rows.ts';
import type { GroupState } from './group-members.ts';

export interface EstateParts {
  rows: FleetRows;
  groups: readonly GroupState[];
}

type Device = Extract<Resource, { kind: 'device' }>;

/** A row as rights speak of it. */
export function deviceResource({ rows, groups }: EstateParts, row: number): Device {
  const site = rows.siteOf(row);
  return {
    kind: 'device',
    id: rows.texts.id.text[row] ?? '',
    site: site?.id ?? '',
    customer: site?.customerId ?? '',
    groups: groups.filter(({ members }) => members[row] === 1).map(({ id }) => id),
    tags: rows.pools.tag.textsOf(rows.set.tag[row] ?? 0),
  };
}

/** A scope that is no claim is what it is. */
export function readScope(estate: EstateParts, scope: Scope): Scope {
  return scope.kind === 'claim' ? partScope(readClaim(estate, scope.claim)) : scope;
}

/** Deny wins, and a token must reach it too. */
const holds = ({ allow, deny, within }: Claim, thing: Resource): boolean =>
  allow.some((over) => reaches(over, thing)) &&
  !deny.some((over) => reaches(over, thing)) &&
  (within === null || within.some((over) => reaches(over, thing)));

const isOfDevices = ({ kind }: GrantOver): boolean => kind === 'group' || kind === 'tag' || kind === 'device';

function readClaim(estate: EstateParts, claim: Claim): Part {
  const sites = new Set<SiteId>();
  for (const [, { id, customerId }] of estate.rows.sites.all())
    if (holds(claim, { kind: 'site', id, customer: customerId })) sites.add(id as SiteId); // ids as the database has them
  const devices = new Set<DeviceId>();
  const without = new Set<DeviceId>();
  const broken = new Set<SiteId>();
  // Where nothing speaks of single devices, each follows its site.
  if ([...claim.allow, ...claim.deny, ...(claim.within ?? [])].some(isOfDevices))
    for (const row of estate.rows.all()) {
      const device = deviceResource(estate, row);
      const isOfWhole = sites.has(device.site as SiteId); // as the database has it
      if (holds(claim, device) === isOfWhole) continue;
      (isOfWhole ? without : devices).add(device.id as DeviceId); // likewise
      if (isOfWhole) broken.add(device.site as SiteId); // likewise
    }
  const customers = customersOf(claim);
  return { customers, sites, devices, without, broken, key: keyOf(customers, [sites, devices, without]) };
}

/** Without asking which there are: a customer that was made just now is among all but those that are denied. */
function customersOf({ allow, deny, within }: Claim): Part['customers'] {
  const named = (overs: readonly GrantOver[]) =>
    new Set(overs.flatMap((over) => (over.kind === 'customer' ? [over.id] : [])));
  const isAll = (overs: readonly GrantOver[]) => overs.some(({ kind }) => kind === 'everything');
  const denied = named(deny);
  const lists = [allow, ...(within === null ? [] : [within])].filter((overs) => !isAll(overs)).map(named);
  const [first] = lists;
  if (first === undefined) return { are: 'all-but', ids: denied };
  const these = [...first].filter((id) => lists.every((list) => list.has(id)) && !denied.has(id));
  return { are: 'these', ids: new Set<CustomerId>(these) };
}

/** Of the content: two persons who see the same share what is made for them. */
function keyOf(customers: Part['customers'], sets: ReadonlyArray<ReadonlySet<string>>): string {
  const hash = createHash('sha256').update(customers.are);
  for (const set of [customers.ids, ...sets]) hash.update(`|${[...set].sort().join()}`);
  return `part-${hash.digest('base64url').slice(0, 22)}`;
}
