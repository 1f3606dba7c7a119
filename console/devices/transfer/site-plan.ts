// Compares a file of sites with what stands: customers and sites to be made, sites that change, and what cannot be. Pure.
import type { SiteId } from '#shared/base/id.ts';
import type { ImportFault, ImportItem } from '#shared/contract/import-contract.ts';
import { SiteContact, TimeZone } from '#shared/model/site.ts';
import { controlFault, type Read, readAs, readLine, readNotes } from './cell-readers.ts';
import { type Row, SITE_COLUMNS, type SiteColumn } from './columns.ts';
import type { EstateNames, EstateSite } from './estate.ts';
import { defaultsText, readDefaults } from './site-defaults-text.ts';
import { type NewPlace, placeName } from './site-places.ts';

/** A site's texts as they would stand. */
export type WantedSite = Pick<EstateSite, 'address' | 'timeZone' | 'contact' | 'notes' | 'defaults'>;

export type SiteStep =
  /** Without a site: the customer alone. */
  | { change: 'create'; item: ImportItem; at: NewPlace; site: WantedSite }
  | { change: 'create-customer'; item: ImportItem; customer: string }
  | { change: 'update'; item: ImportItem; id: SiteId; site: WantedSite }
  | { change: 'same'; item: ImportItem };

export function siteCells(site: Omit<EstateSite, 'id' | 'customerId' | 'isSimulated'>, names: EstateNames) {
  return {
    customer: site.customer,
    site: site.name,
    address: site.address,
    'time zone': site.timeZone,
    'contact name': site.contact.name,
    'contact email': site.contact.email,
    'contact phone': site.contact.phone,
    notes: site.notes,
    defaults: defaultsText(site.defaults, names),
  } satisfies Record<SiteColumn, string>;
}

const PLAIN: WantedSite = {
  address: '',
  timeZone: 'UTC',
  contact: { name: '', email: '', phone: '' },
  notes: '',
  defaults: {},
};

export class SitePlanner {
  readonly #names: EstateNames;
  readonly #customers: ReadonlySet<string>;
  readonly #faults: ImportFault[];
  readonly #seen = new Map<string, number>();
  readonly fresh = new Map<string, NewPlace>();

  constructor(deps: { names: EstateNames; customers: Iterable<string>; faults: ImportFault[] }) {
    this.#names = deps.names;
    this.#customers = new Set(deps.customers);
    this.#faults = deps.faults;
  }

  /** Undefined for a row with a fault, which stands in `faults` then. */
  plan({ row, cells }: Row<SiteColumn>): SiteStep | undefined {
    const faults = this.#faults.length;
    const step = this.#step(row, cells);
    return this.#faults.length === faults ? step : undefined;
  }

  #step(row: number, cells: Row<SiteColumn>['cells']): SiteStep | undefined {
    const customer = this.#read(row, 'customer', cells.get('customer') ?? '', readLine(120, true));
    const name = this.#read(row, 'site', cells.get('site') ?? '', readLine(120));
    if (customer === undefined || name === undefined) return undefined;
    const first = this.#seen.get(`${customer}\0${name}`);
    if (first !== undefined) return this.#fault(row, 'site', `is the same as row ${first}`);
    this.#seen.set(`${customer}\0${name}`, row);
    if (name === '') return this.#customerAlone(row, customer, cells);
    const before = this.#names.sitesByName.get(name)?.find((site) => site.customer === customer);
    const site = this.#wanted(row, cells, before);
    const [from, to] = [before ?? PLAIN, site].map((one) => siteCells({ ...one, customer, name }, this.#names));
    const fields = SITE_COLUMNS.flatMap((field) => {
      const [was, is] = [from?.[field] ?? '', to?.[field] ?? ''];
      return was === is ? [] : [{ field, from: was || null, to: is || null }];
    });
    const told = (change: ImportItem['change']): ImportItem => ({ row, change, name, site: customer, fields });
    if (before === undefined) {
      this.fresh.set(placeName({ customer, name }), { customer, name });
      return { change: 'create', at: { customer, name }, site, item: told('create') };
    }
    if (fields.length === 0) return { change: 'same', item: told('same') };
    return { change: 'update', id: before.id, site, item: told('update') };
  }

  #customerAlone(row: number, customer: string, cells: Row<SiteColumn>['cells']): SiteStep | undefined {
    for (const [column, text] of cells)
      if (column !== 'customer' && text.trim() !== '')
        return this.#fault(row, 'site', 'is missing: without one the row may only name a customer');
    const item = { row, name: customer, site: '', fields: [] };
    if (this.#customers.has(customer)) return { change: 'same', item: { ...item, change: 'same' } };
    this.fresh.set(customer, { customer, name: '' });
    return { change: 'create-customer', customer, item: { ...item, change: 'create' } };
  }

  #wanted(row: number, cells: Row<SiteColumn>['cells'], before: EstateSite | undefined): WantedSite {
    const said = before ?? PLAIN;
    const text = <T>(column: SiteColumn, was: T, read: (text: string) => Read<T>): T => {
      const cell = cells.get(column);
      return cell === undefined ? was : (this.#read(row, column, cell, read) ?? was);
    };
    const { contact } = said;
    const relays = before === undefined ? [] : (this.#names.relaysOfSite.get(before.id) ?? []);
    return {
      address: text('address', said.address, readLine(500)),
      timeZone: text('time zone', said.timeZone, (cell) =>
        cell.trim() === ''
          ? { ok: true, value: 'UTC' }
          : readAs(TimeZone, 'is no time zone such as Europe/Berlin')(cell),
      ),
      contact: {
        name: text('contact name', contact.name, readLine(120)),
        email: text('contact email', contact.email, readAs(SiteContact.shape.email, 'is no e-mail address')),
        phone: text('contact phone', contact.phone, readLine(60)),
      },
      notes: text('notes', said.notes, readNotes),
      // What stands may name a relay that is revoked since: it stays as long as nobody changes it.
      defaults: text('defaults', said.defaults, (cell) =>
        cell.trim() === defaultsText(said.defaults, this.#names)
          ? { ok: true, value: said.defaults }
          : readDefaults(cell, this.#names, relays),
      ),
    };
  }

  #read<T>(row: number, column: SiteColumn, text: string, read: (text: string) => Read<T>): T | undefined {
    const fault = controlFault(text, column === 'notes');
    if (fault !== undefined) return this.#fault(row, column, fault);
    const value = read(text);
    return value.ok ? value.value : this.#fault(row, column, value.message);
  }

  #fault(row: number, column: SiteColumn, message: string): undefined {
    this.#faults.push({ row, column, message });
  }
}
