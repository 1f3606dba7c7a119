// A site as a form holds it, and as the console takes it.
import type { SiteContact } from '#shared/model/site.ts';
import type { SiteRow } from './sites-data.ts';

export interface SiteDraft {
  name: string;
  /** When it is made: the name of a customer, whether there is one or not. */
  customerName: string;
  /** When it is changed: one of those there are. */
  customerId: string;
  timeZone: string;
  address: string;
  contact: SiteContact;
  notes: string;
}

export const SITE_FIELDS = [
  'name',
  'customerName',
  'customerId',
  'timeZone',
  'address',
  'contact.name',
  'contact.email',
  'contact.phone',
  'notes',
];

export const newSite = (customerName: string, timeZone: string): SiteDraft => ({
  name: '',
  customerName,
  customerId: '',
  timeZone,
  address: '',
  contact: { name: '', email: '', phone: '' },
  notes: '',
});

export const draftOf = (site: SiteRow): SiteDraft => {
  const { name, customerName, customerId, timeZone, address, contact, notes } = site;
  return { name, customerName, customerId, timeZone, address, contact, notes };
};

/** Only what is another thing now: an edit of somebody else in the meantime is not undone. */
export function changesOf(site: SiteRow, draft: SiteDraft): Partial<Omit<SiteDraft, 'customerName'>> {
  const { customerName: _name, ...fields } = draft;
  const before = new Map<string, unknown>(Object.entries(draftOf(site)));
  const isSame = (key: string, value: unknown) => JSON.stringify(before.get(key)) === JSON.stringify(value);
  return Object.fromEntries(Object.entries(fields).filter(([key, value]) => !isSame(key, value)));
}
