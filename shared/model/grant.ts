// What a person may do: a role or single verbs, over a part of the estate, at certain times; allowed or denied.
import { z } from 'zod';
import { CustomerId, DeviceId, GroupId, SiteId } from '#shared/base/id.ts';
import { Tag } from './device.ts';
import { TimeZone } from './site.ts';

/** The roles that ship, from the one that may do everything down. What each may do stands in the console. */
export const ROLE_NAMES = ['owner', 'admin', 'technician', 'approver', 'auditor', 'viewer', 'customer'] as const;
export const RoleName = z.enum(ROLE_NAMES);
export type RoleName = z.infer<typeof RoleName>;

/** "device.read", "device.*" or "*": what a grant names. */
export const VerbPattern = z
  .string()
  .max(60)
  .regex(/^(\*|[a-z]+(\.[a-z]+)*\.(\*|[a-z]+(-[a-z]+)*))$/, 'a verb such as "device.read", "device.*" or "*"');
export type VerbPattern = z.infer<typeof VerbPattern>;
/** More single verbs than this are a role. */
export const MAX_GRANT_VERBS = 50;

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const Weekday = z.enum(WEEKDAYS);
export type Weekday = z.infer<typeof Weekday>;

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of the day such as "08:30"');

/** Hours of the week, as the clocks of a time zone show them. A span that ends before it begins ends on the next day. */
export const WeeklyHours = z.strictObject({
  timeZone: TimeZone,
  spans: z
    .array(z.strictObject({ days: z.array(Weekday).min(1).max(7), from: TimeOfDay, until: TimeOfDay }))
    .min(1)
    .max(21),
});
export type WeeklyHours = z.infer<typeof WeeklyHours>;

/** Which part of the estate a grant speaks of. A group's or a tag's devices are those that it has at the moment. */
export const GrantOver = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('everything') }),
  z.strictObject({ kind: z.literal('customer'), id: CustomerId }),
  z.strictObject({ kind: z.literal('site'), id: SiteId }),
  z.strictObject({ kind: z.literal('group'), id: GroupId }),
  z.strictObject({ kind: z.literal('tag'), id: Tag }),
  z.strictObject({ kind: z.literal('device'), id: DeviceId }),
]);
export type GrantOver = z.infer<typeof GrantOver>;

export const GrantEffect = z.enum(['allow', 'deny']);
export type GrantEffect = z.infer<typeof GrantEffect>;

/** As somebody gives it: a role, or verbs of their own choice, never both. */
export const NewGrant = z
  .strictObject({
    effect: GrantEffect.default('allow'),
    role: RoleName.nullable().default(null),
    verbs: z.array(VerbPattern).max(MAX_GRANT_VERBS).default([]),
    over: GrantOver,
    /** It holds from then on; null: at once. */
    from: z.int().min(0).nullable().default(null),
    /** It ends then; null: it does not end. */
    until: z.int().min(0).nullable().default(null),
    /** It holds in these hours of the week alone; null: at all hours. */
    hours: WeeklyHours.nullable().default(null),
  })
  .refine(({ role, verbs }) => (role === null) !== (verbs.length === 0), {
    message: 'either a role or verbs',
    path: ['role'],
  })
  .refine(({ from, until }) => from === null || until === null || from < until, {
    message: 'must lie after the beginning',
    path: ['until'],
  });
export type NewGrant = z.infer<typeof NewGrant>;
