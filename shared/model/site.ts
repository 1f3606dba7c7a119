// A site as people describe it, and what its new devices begin with.
import { z } from 'zod';
import { GroupId, RelayId } from '#shared/base/id.ts';
import { CredentialName, IntervalMs, MAX_TAGS, Notes, Realm, ShareName, Tag, TransportKind } from './device.ts';
import { plainName } from './plain-name.ts';

export const SiteName = plainName(120);
export const CustomerName = plainName(120);

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/** A name of the IANA time zone database, "Europe/Berlin". */
export const TimeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'this is no name of a time zone, such as "Europe/Berlin"');

export const SiteContact = z.strictObject({
  name: z.string().trim().max(120).default(''),
  email: z.union([z.literal(''), z.email().max(254)]).default(''),
  phone: z.string().trim().max(60).default(''),
});
export type SiteContact = z.infer<typeof SiteContact>;

/** A new device takes these where whoever adds it says nothing else. */
export const SiteDefaults = z.strictObject({
  relayId: RelayId.optional(),
  transport: TransportKind.optional(),
  port: z.int().min(1).max(65_535).optional(),
  credential: CredentialName.optional(),
  realm: Realm.optional(),
  share: ShareName.optional(),
  intervalMs: IntervalMs.optional(),
  tags: z.array(Tag).max(MAX_TAGS).optional(),
  /** Groups with members by hand. */
  groupIds: z.array(GroupId).max(20).optional(),
});
export type SiteDefaults = z.infer<typeof SiteDefaults>;

export const SiteText = {
  /** Where people find it. */
  address: z.string().trim().max(500),
  contact: SiteContact,
  notes: Notes,
  defaults: SiteDefaults,
} as const;
