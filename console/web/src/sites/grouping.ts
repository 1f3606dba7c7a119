// Sites below their customers, in the order of names; a filter keeps what holds all its words.
import { locale } from '#console/web/src/i18n/language.ts';
import type { SiteRow } from './sites-data.ts';

export interface CustomerGroup {
  id: string;
  name: string;
  sites: SiteRow[];
  devices: number;
}

const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });

/** In any of what the page shows of a site. */
export function holdsWords(site: SiteRow, text: string): boolean {
  const { name, customerName, address, timeZone, contact, notes } = site;
  const all = [name, customerName, address, timeZone, contact.name, contact.email, contact.phone, notes];
  const searched = all.join('\n').toLocaleLowerCase(locale);
  const words = text.toLocaleLowerCase(locale).split(/\s+/);
  return words.every((word) => searched.includes(word));
}

export function groupByCustomer(sites: readonly SiteRow[]): CustomerGroup[] {
  const groups = new Map<string, CustomerGroup>();
  for (const site of sites) {
    const group = groups.get(site.customerId) ?? {
      id: site.customerId,
      name: site.customerName,
      sites: [],
      devices: 0,
    };
    group.sites.push(site);
    group.devices += site.devices;
    groups.set(site.customerId, group);
  }
  for (const { sites: own } of groups.values()) own.sort((a, b) => collator.compare(a.name, b.name));
  return [...groups.values()].sort((a, b) => collator.compare(a.name, b.name));
}
