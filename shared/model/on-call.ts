// Who is on call, and whom an incident climbs to while nobody has taken it.
import { z } from 'zod';
import { ChannelId, ContactId, OnCallId } from '#shared/base/id.ts';
import { SEVERITIES } from './alert-words.ts';
import { WeeklyHours } from './grant.ts';
import { TimeZone } from './site.ts';

const DAY_MS = 86_400_000;
/** Wall time of the schedule's zone. */
const LocalTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'a local time such as "2026-11-23T08:00"');
const LocalDate = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'a date such as "2026-12-25"');

/** People who take turns. Hand-over is at the same wall time on both sides of a change of the clocks. */
export const Rotation = z.strictObject({
  name: z.string().min(1).max(120),
  /** In order of their turns; one may stand there twice. */
  people: z.array(ContactId).min(1).max(50),
  /** The first hand-over to the first of them. */
  startsAt: LocalTime,
  /** Days of one turn. */
  everyDays: z.int().min(1).max(56),
  /** Holds only within these hours; absent: always. */
  hours: WeeklyHours.shape.spans.optional(),
});
export type Rotation = z.infer<typeof Rotation>;

export const OnCallSchedule = z.strictObject({
  name: z.string().min(1).max(120),
  zone: TimeZone,
  /** The first that has somebody at a moment decides. */
  rotations: z.array(Rotation).min(1).max(10),
  /** Somebody takes over for a while; the later one in the list wins. */
  overrides: z
    .array(z.strictObject({ from: z.int().min(0), until: z.int().min(0), contact: ContactId }))
    .max(200)
    .default([]),
  /** Days on which hours do not count as hours of work. */
  holidays: z
    .array(z.strictObject({ date: LocalDate, name: z.string().max(120).default(''), contact: ContactId.optional() }))
    .max(400)
    .default([]),
});
export type OnCallSchedule = z.infer<typeof OnCallSchedule>;

/** Whom a route or a tier tells: one place of a channel, a person by their own ways, or whoever is on call. */
export const Target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('channel'), channel: ChannelId, to: z.string().max(320).default('') }),
  z.strictObject({ kind: z.literal('contact'), contact: ContactId }),
  z.strictObject({ kind: z.literal('on-call'), schedule: OnCallId }),
]);
export type Target = z.infer<typeof Target>;

export const EscalationTier = z.strictObject({
  name: z.string().min(1).max(120),
  /** Since the incident was first told, counted only within hours of work where the policy has some. */
  afterMs: z
    .int()
    .min(0)
    .max(7 * DAY_MS),
  targets: z.array(Target).min(1).max(20),
});
export type EscalationTier = z.infer<typeof EscalationTier>;

export const Escalation = z.strictObject({
  name: z.string().min(1).max(120),
  /** In the order of their times. It stops when somebody acknowledges, or when the incident is over. */
  tiers: z.array(EscalationTier).min(1).max(8),
  /** Absent: at any time. */
  hours: WeeklyHours.optional(),
  holidays: z.array(LocalDate).max(400).default([]),
  /** As bad as this or worse climbs at any time, whatever the hours say. */
  anyTimeFrom: z.enum(SEVERITIES).default('critical'),
});
export type Escalation = z.infer<typeof Escalation>;

const MINUTE_MS = 60_000;
/** The usual climb: who is first, the lead, the manager, those who answer for the whole. */
export const USUAL_TIERS_MS = [15 * MINUTE_MS, 30 * MINUTE_MS, 60 * MINUTE_MS, 120 * MINUTE_MS] as const;
