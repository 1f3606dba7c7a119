// Customers and sites: made, described, counted and removed; and the signed charters of sites.
import { z } from 'zod';
import { CustomerId, SiteId } from '#shared/base/id.ts';
import { SignedCharter } from '#shared/model/charter.ts';
import { Notes } from '#shared/model/device.ts';
import { SignedBrake } from '#shared/model/freeze.ts';
import { CustomerName, SiteContact, SiteDefaults, SiteName, SiteText, TimeZone } from '#shared/model/site.ts';
import { endangers, operation, reads, writes } from './meta.ts';

export const CustomerSummary = z.object({
  id: CustomerId,
  name: z.string(),
  notes: z.string(),
  sites: z.int(),
  devices: z.int(),
  createdAt: z.int(),
});
export type CustomerSummary = z.infer<typeof CustomerSummary>;

export const SiteSummary = z.object({
  id: SiteId,
  customerId: CustomerId,
  customerName: z.string(),
  name: z.string(),
  timeZone: z.string(),
  address: z.string(),
  contact: SiteContact,
  notes: z.string(),
  defaults: SiteDefaults,
  isSimulated: z.boolean(),
  devices: z.int(),
  relays: z.int(),
  createdAt: z.int(),
  /** Since when a guardian has stopped it; null while it takes orders. */
  frozenAt: z.int().nullable(),
});
export type SiteSummary = z.infer<typeof SiteSummary>;

/** What goes when a customer or a site is removed. Samples and events stay until their time. */
export const Removal = z.object({
  sites: z.int(),
  relays: z.int(),
  devices: z.int(),
  facts: z.int(),
  /** Actions that are not settled: they end as they stand. */
  openActions: z.int(),
});
export type Removal = z.infer<typeof Removal>;

const SiteById = z.object({ id: SiteId });
const CustomerById = z.object({ id: CustomerId });
/** Whoever removes says how many devices they mean to lose: a page that is out of date removes nothing. */
const Confirmed = { devices: z.coerce.number().int().min(0) };

export const customerContract = {
  list: operation
    .meta(reads('customer.read'))
    .route({ method: 'GET', path: '/customers', summary: 'List customers', tags: ['Customers'] })
    .output(z.object({ items: z.array(CustomerSummary) })),
  create: operation
    .meta(writes('customer.write'))
    .route({ method: 'POST', path: '/customers', summary: 'Make a customer', successStatus: 201, tags: ['Customers'] })
    .input(z.object({ name: CustomerName, notes: Notes.default('') }))
    .output(CustomerSummary),
  update: operation
    .meta(writes('customer.write'))
    .route({ method: 'PATCH', path: '/customers/{id}', summary: 'Rename or describe a customer', tags: ['Customers'] })
    .input(CustomerById.extend({ name: CustomerName.optional(), notes: Notes.optional() }))
    .output(CustomerSummary),
  removal: operation
    .meta(reads('customer.read'))
    .route({
      method: 'GET',
      path: '/customers/{id}/removal',
      summary: 'What would go with a customer',
      tags: ['Customers'],
    })
    .input(CustomerById)
    .output(Removal),
  remove: operation
    .meta(endangers('customer.remove'))
    .route({
      method: 'DELETE',
      path: '/customers/{id}',
      summary: 'Remove a customer with its sites, relays and devices',
      tags: ['Customers'],
    })
    .input(CustomerById.extend(Confirmed))
    .output(Removal),
};

export const siteContract = {
  list: operation
    .meta(reads('site.read'))
    .route({ method: 'GET', path: '/sites', summary: 'List sites', tags: ['Sites'] })
    .output(z.object({ items: z.array(SiteSummary) })),
  show: operation
    .meta(reads('site.read'))
    .route({ method: 'GET', path: '/sites/{id}', summary: 'One site', tags: ['Sites'] })
    .input(SiteById)
    .output(SiteSummary),
  create: operation
    .meta(writes('site.write'))
    .route({ method: 'POST', path: '/sites', summary: 'Make a site', successStatus: 201, tags: ['Sites'] })
    .input(
      z.object({
        name: SiteName,
        /** The customer's name; it is made when there is none. */
        customerName: CustomerName.optional(),
        timeZone: TimeZone.default('UTC'),
        isSimulated: z.boolean().default(false),
        address: SiteText.address.default(''),
        contact: SiteText.contact.default({ name: '', email: '', phone: '' }),
        notes: SiteText.notes.default(''),
        defaults: SiteText.defaults.default({}),
      }),
    )
    .output(SiteSummary),
  update: operation
    .meta(writes('site.write'))
    .route({ method: 'PATCH', path: '/sites/{id}', summary: 'Change what is known of a site', tags: ['Sites'] })
    .input(
      SiteById.extend({
        name: SiteName.optional(),
        /** Moves the site to another customer. */
        customerId: CustomerId.optional(),
        timeZone: TimeZone.optional(),
        address: SiteText.address.optional(),
        contact: SiteText.contact.optional(),
        notes: SiteText.notes.optional(),
        defaults: SiteText.defaults.optional(),
      }),
    )
    .output(SiteSummary),
  removal: operation
    .meta(reads('site.read'))
    .route({ method: 'GET', path: '/sites/{id}/removal', summary: 'What would go with a site', tags: ['Sites'] })
    .input(SiteById)
    .output(Removal),
  remove: operation
    .meta(endangers('site.remove'))
    .route({
      method: 'DELETE',
      path: '/sites/{id}',
      summary: 'Remove a site with its relays and devices; the relays are revoked',
      tags: ['Sites'],
    })
    .input(SiteById.extend(Confirmed))
    .output(Removal),
  charter: operation
    .meta(reads('charter.read'))
    .route({ method: 'GET', path: '/sites/{id}/charter', summary: 'The signed charter of a site', tags: ['Sites'] })
    .input(SiteById)
    .output(z.object({ version: z.int(), signed: SignedCharter })),
  putCharter: operation
    .meta(endangers('charter.write'))
    .route({
      method: 'PUT',
      path: '/sites/{id}/charter',
      summary: 'Store a newer charter, signed by the owners, and send it to the relays',
      tags: ['Sites'],
    })
    .input(SiteById.extend({ signed: SignedCharter }))
    .output(z.object({ version: z.int() })),
  brake: operation
    .meta(reads('charter.read'))
    .route({
      method: 'GET',
      path: '/sites/{id}/brake',
      summary: 'The newest freeze and thaw of a site, oldest first; the last one is in force',
      tags: ['Sites'],
    })
    .input(SiteById)
    .output(
      z.object({
        signed: z.array(SignedBrake),
        /** A thaw of the freeze in force that some have signed and others have to sign too. */
        waiting: z.object({ signed: SignedBrake, lacks: z.string() }).nullable(),
      }),
    ),
  putBrake: operation
    .meta(endangers('site.freeze'))
    .route({
      method: 'PUT',
      path: '/sites/{id}/brake',
      summary: 'Freeze a site with the signature of a guardian, or thaw it, and tell its relays at once',
      tags: ['Sites'],
    })
    .input(SiteById.extend({ signed: SignedBrake }))
    .output(
      z.object({
        kind: z.enum(['freeze', 'thaw']),
        /** Linked relays that were told now; the others hear it when they come back. */
        told: z.int(),
      }),
    ),
  freezeAll: operation
    .meta(endangers('site.freeze'))
    .route({
      method: 'PUT',
      path: '/brake',
      summary: 'Freeze every site with one signature of a guardian; each site is judged by its own charter',
      tags: ['Sites'],
    })
    .input(z.object({ signed: SignedBrake }))
    .output(
      z.object({
        items: z.array(
          z.object({
            siteId: SiteId,
            /** Why this site was not frozen, in words; null when it is. */
            fault: z.string().nullable(),
            /** Linked relays that were told now; the others hear it when they come back. */
            told: z.int(),
          }),
        ),
      }),
    ),
  signThaw: operation
    .meta(endangers('site.freeze'))
    .route({
      method: 'PUT',
      path: '/sites/{id}/thaw',
      summary: 'Add signatures to a thaw; with the last one it is in force and the relays are told',
      tags: ['Sites'],
    })
    .input(SiteById.extend({ signed: SignedBrake }))
    .output(
      z.object({
        /** What it still asks for, in words; null when the site takes orders again. */
        lacks: z.string().nullable(),
        told: z.int(),
      }),
    ),
};
