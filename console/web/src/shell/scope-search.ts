// The chosen customer and site as they stand in the URL, and what they leave of the estate.
import { madeOnce } from '#console/web/src/text/made-once.ts';

export interface ScopeSearch {
  customer?: string | undefined;
  site?: string | undefined;
}

interface SiteNames {
  id: string;
  name: string;
  customerId: string;
  customerName: string;
}

interface Named {
  id: string;
  name: string;
}

export interface EstateScope {
  customer: Named | undefined;
  site: Named | undefined;
  /** False for what lies outside of the choice. */
  includesSite: (siteId: string) => boolean;
  /** The choice as a filter of the fleet, empty for the whole estate. Names with quotes and spaces are quoted. */
  filter: string;
}

/** "Branch 2" before "Branch 10". */
const natural = madeOnce(() => new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }));

const ID = /^[0-9a-f-]{36}$/i;

/** Anything may stand in a URL; what is no id is left out. A site says its customer by itself. */
export function parseScope(raw: Record<string, unknown>): ScopeSearch {
  const idOf = (value: unknown) => (typeof value === 'string' && ID.test(value) ? value : undefined);
  const [customer, site] = [idOf(raw['customer']), idOf(raw['site'])];
  return { ...(customer === undefined ? {} : { customer }), ...(site === undefined ? {} : { site }) };
}

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** A choice that the estate does not know (a site that went) leaves everything in sight. */
export function scopeOf(search: ScopeSearch, sites: readonly SiteNames[]): EstateScope {
  const site = sites.find(({ id }) => id === search.site);
  const owner = site?.customerId ?? search.customer;
  const ofCustomer = sites.find(({ customerId }) => customerId === owner);
  if (ofCustomer === undefined) return { customer: undefined, site: undefined, includesSite: () => true, filter: '' };
  const inside = new Set(
    sites.filter((one) => (site === undefined ? one.customerId === owner : one.id === site.id)).map(({ id }) => id),
  );
  const terms = [
    `customer=${quoted(ofCustomer.customerName)}`,
    ...(site === undefined ? [] : [`site=${quoted(site.name)}`]),
  ];
  return {
    customer: { id: ofCustomer.customerId, name: ofCustomer.customerName },
    site: site === undefined ? undefined : { id: site.id, name: site.name },
    includesSite: (siteId) => inside.has(siteId),
    filter: terms.join(' '),
  };
}

export interface ScopeChoice extends Named {
  sites: Named[];
}

/** Customers with their sites, both by name as people sort them. */
export function scopeChoices(sites: readonly SiteNames[]): ScopeChoice[] {
  const choices = new Map<string, ScopeChoice>();
  for (const { id, name, customerId, customerName } of sites) {
    const choice = choices.get(customerId) ?? { id: customerId, name: customerName, sites: [] };
    choice.sites.push({ id, name });
    choices.set(customerId, choice);
  }
  const byName = (a: Named, b: Named) => natural().compare(a.name, b.name);
  const sorted = [...choices.values()].sort(byName);
  for (const choice of sorted) choice.sites.sort(byName);
  return sorted;
}
