// What a reader may see. Only `can()` and `readScope()` hand one out, and every repository read for people takes one.
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { AppError } from '#shared/base/errors.ts';
import type { CustomerId, DeviceId, SiteId } from '#shared/base/id.ts';
import type { GrantOver } from '#shared/model/grant.ts';

declare const brand: unique symbol;

/** As grants say it, before anybody looked where groups, tags and customers lead. */
export interface Claim {
  readonly allow: readonly GrantOver[];
  readonly deny: readonly GrantOver[];
  /** Of a token: it reaches what the grants reach and this too; null where nothing more is asked. */
  readonly within: readonly GrantOver[] | null;
}

/** As the estate is now. */
export interface Part {
  /** Customers as a whole. One without a site stands in no list, so "all but" is said as such. */
  readonly customers: { readonly are: 'these' | 'all-but'; readonly ids: ReadonlySet<CustomerId> };
  /** Sites as a whole: their relays, charters and logins too. */
  readonly sites: ReadonlySet<SiteId>;
  /** Devices of other sites. */
  readonly devices: ReadonlySet<DeviceId>;
  /** Devices of these sites that are denied all the same, and those of these sites that have one. */
  readonly without: ReadonlySet<DeviceId>;
  readonly broken: ReadonlySet<SiteId>;
  /** Of what is in it: parts with the same key are the same. */
  readonly key: string;
}

type Kinds =
  | { readonly kind: 'everything' | 'nothing' }
  | { readonly kind: 'claim'; readonly claim: Claim }
  | { readonly kind: 'part'; readonly part: Part };

/** The rooms to the right pass it on and never look inside. */
export type Scope = Kinds & { readonly [brand]: true };

// The brand exists only for the compiler: this is the one place that makes Scopes, for can() and readScope() alone.
const scoped = (kinds: Kinds): Scope => Object.freeze(kinds) as Scope;
export const EVERYTHING_SCOPE = scoped({ kind: 'everything' });
export const NOTHING_SCOPE = scoped({ kind: 'nothing' });
export const claimScope = (claim: Claim): Scope => scoped({ kind: 'claim', claim });
export const partScope = (part: Part): Scope => scoped({ kind: 'part', part });

const unread = (): never => {
  throw new AppError('internal', 'a scope was used before it was read against the estate');
};

/** Lists travel as one parameter, whatever their length: made once per scope. */
const LISTS = new WeakMap<ReadonlySet<string>, string>();
function listOf(ids: ReadonlySet<string>): string {
  const known = LISTS.get(ids) ?? JSON.stringify([...ids]);
  LISTS.set(ids, known);
  return known;
}

/** One parameter on both engines: SQLite has json_each, and migration 0014 gives PostgreSQL one that reads a text. */
const among = (column: string, ids: ReadonlySet<string>): RawBuilder<SqlBool> =>
  sql<SqlBool>`${sql.ref(column)} in (select value from json_each(cast(${listOf(ids)} as text)))`;

const all = (column: string) => sql<SqlBool>`${sql.ref(column)} is not null`;
const none = (column: string) => sql<SqlBool>`${sql.ref(column)} is null and ${sql.ref(column)} is not null`;

/** For `where()`: the rows of `column` (the site of a row) whose site is seen as a whole. With `deviceInScope` the one place where a right becomes SQL. */
export function inScope(scope: Scope, column: string): RawBuilder<SqlBool> {
  switch (scope.kind) {
    case 'everything':
      return all(column);
    case 'nothing':
      return none(column);
    case 'claim':
      return unread();
    case 'part':
      return among(column, scope.part.sites);
  }
}

/** The same for rows that belong to a customer as a whole. */
export function customerInScope(scope: Scope, column: string): RawBuilder<SqlBool> {
  if (scope.kind !== 'part') return inScope(scope, column);
  const { are, ids } = scope.part.customers;
  const named = among(column, ids);
  return are === 'these' ? named : sql<SqlBool>`not (${named})`;
}

/** The same for rows of one device: of whole sites but for those that are denied, and single ones of others. */
export function deviceInScope(scope: Scope, site: string, device: string): RawBuilder<SqlBool> {
  if (scope.kind !== 'part') return inScope(scope, site);
  const { sites, devices, without } = scope.part;
  const whole = among(site, sites);
  // What is of no device, such as a relay's own event, is the site's.
  const kept =
    without.size === 0
      ? whole
      : sql<SqlBool>`(${whole} and (${sql.ref(device)} is null or not (${among(device, without)})))`;
  return devices.size === 0 ? kept : sql<SqlBool>`(${kept} or ${among(device, devices)})`;
}

/** The same for rows that name a thing as "device:<id>", "relay:<id>" ... in `resource`, and its site in `site`. */
export function resourceInScope(scope: Scope, site: string, resource: string): RawBuilder<SqlBool> {
  if (scope.kind !== 'part') return inScope(scope, site);
  const { sites, devices, without } = scope.part;
  const named = (ids: ReadonlySet<DeviceId>) =>
    sql<SqlBool>`${sql.ref(resource)} in (select 'device:' || value from json_each(cast(${listOf(ids)} as text)))`;
  const whole = among(site, sites);
  const kept = without.size === 0 ? whole : sql<SqlBool>`(${whole} and not (${named(without)}))`;
  return devices.size === 0 ? kept : sql<SqlBool>`(${kept} or ${named(devices)})`;
}

/** For what belongs to the console as a whole: only who sees everything sees it. */
export const seesEverything = (scope: Scope): boolean =>
  scope.kind === 'claim' ? unread() : scope.kind === 'everything';

/** The same for what is told from memory. */
export function seesSite(scope: Scope, site: SiteId): boolean {
  if (scope.kind === 'part') return scope.part.sites.has(site);
  return seesEverything(scope);
}

export function seesDevice(scope: Scope, site: SiteId, device: DeviceId): boolean {
  if (scope.kind !== 'part') return seesEverything(scope);
  const { sites, devices, without } = scope.part;
  return sites.has(site) ? !without.has(device) : devices.has(device);
}

/** For what reaches every device of a site: none of them may be denied. */
export const seesAllOf = (scope: Scope, site: SiteId): boolean =>
  seesSite(scope, site) && !(scope.kind === 'part' && scope.part.broken.has(site));

/** For rows that name many devices in a table of their own (`link` is its condition): every one must be seen. */
export function devicesInScope(scope: Scope, site: string, members: MemberTable): RawBuilder<SqlBool> {
  if (scope.kind !== 'part') return inScope(scope, site);
  const { sites, devices, without } = scope.part;
  const { table, device, link } = members;
  const some = (which?: RawBuilder<SqlBool>) => {
    const also = which === undefined ? sql`` : sql` and ${which}`;
    return sql<SqlBool>`exists (select 1 from ${sql.table(table)} where ${sql.ref(link[0])} = ${sql.ref(link[1])}${also})`;
  };
  const whole = among(site, sites);
  const kept = without.size === 0 ? whole : sql<SqlBool>`(${whole} and not ${some(among(device, without))})`;
  if (devices.size === 0) return kept;
  const each = sql<SqlBool>`(${some()} and not ${some(sql<SqlBool>`not (${among(device, devices)})`)})`;
  return sql<SqlBool>`(${kept} or ${each})`;
}

interface MemberTable {
  table: string;
  /** Its column of the device, and the two that join it to the row. */
  device: string;
  link: readonly [string, string];
}

export function seesCustomer(scope: Scope, customer: CustomerId): boolean {
  if (scope.kind === 'part') {
    const { are, ids } = scope.part.customers;
    return ids.has(customer) === (are === 'these');
  }
  return seesEverything(scope);
}

/** Readers with the same key see the same: what is made for one is right for all of them. */
export const scopeKey = (scope: Scope): string => (scope.kind === 'part' ? scope.part.key : scope.kind);
