// A check: a condition on what a device says, how long it must hold, and what its failure is worth. Judged by relays and replayed by the console.
import { z } from 'zod';
import { ALERT_TYPES, SEVERITIES } from './alert-words.ts';

/** A short name of its own: "cpu.used", "disk.free". Shipped ones never change their meaning. */
export const CheckId = z.string().regex(/^[a-z][a-z0-9-]{0,31}(?:\.[a-z0-9-]{1,31}){0,3}$/);
export type CheckId = z.infer<typeof CheckId>;

const DAY_MS = 86_400_000;
const Ms = z
  .int()
  .min(0)
  .max(30 * DAY_MS);
/** Of the fields of one series; an instance may be a pattern with `*`. */
const SeriesName = z.string().min(1).max(80);
const Pattern = z.string().max(255);

/** A limit for each severity that has one; reached or passed it fails. */
export const Limits = z.partialRecord(z.enum(SEVERITIES), z.number());
export type Limits = z.infer<typeof Limits>;

const Threshold = z.strictObject({
  kind: z.literal('threshold'),
  /** A derived or raw metric, or a script's number: its name as pages show it, in natural units. */
  series: SeriesName,
  instance: Pattern.optional(),
  above: z.boolean(),
  limits: Limits,
  /** Held this long without a gap longer than two polls. */
  forMs: Ms,
  /** Clears only when this far on the good side of the limit (in the series' unit), held for `forMs` too. */
  margin: z.number().nonnegative(),
});
/** What a level changed by within a span: a disk that fills in an hour. */
const Rate = z.strictObject({
  kind: z.literal('rate'),
  series: SeriesName,
  instance: Pattern.optional(),
  above: z.boolean(),
  limits: Limits,
  /** Change a second, over the last `withinMs`. */
  withinMs: Ms,
  margin: z.number().nonnegative(),
});
/** A series, a heartbeat or a backup that was said before and is said no more. */
const Absence = z.strictObject({
  kind: z.literal('absence'),
  series: SeriesName,
  instance: Pattern.optional(),
  severity: z.enum(SEVERITIES),
  forMs: Ms,
});
/** The device itself, a service, a pending reboot: a fact's word. */
const State = z.strictObject({
  kind: z.literal('state'),
  /** `device`: up, down, away. Others are kinds of facts that a collector tells (`service`, `reboot`, ...). */
  of: z.string().max(41),
  instance: Pattern.optional(),
  is: z.array(z.string().max(80)).min(1).max(20),
  severity: z.enum(SEVERITIES),
  forMs: Ms,
});
const Events = z.strictObject({
  kind: z.literal('events'),
  log: Pattern.optional(),
  source: Pattern.optional(),
  codes: z.array(z.int().nonnegative()).max(100).optional(),
  levels: z.array(z.string().max(20)).max(7).optional(),
  /** Words that the message holds, whatever their case. */
  text: z.string().max(200).optional(),
  /** At least so many within the span. */
  limits: Limits,
  withinMs: Ms,
});
/** How far away a moment is that a fact tells: the end of a certificate, the last backup, the newest patch. */
const Age = z.strictObject({
  kind: z.literal('age'),
  of: z.enum(['certificate-end', 'backup', 'patch', 'security-patch', 'boot', 'reboot-pending']),
  instance: Pattern.optional(),
  /** Fails above (an age) or below (what is left). */
  above: z.boolean(),
  /** Milliseconds. */
  limits: Limits,
});

const Simple = z.discriminatedUnion('kind', [Threshold, Rate, Absence, State, Events, Age]);
/** All or any of several, of one device and any instances. */
const Compound = z.strictObject({
  kind: z.literal('compound'),
  join: z.enum(['all', 'any']),
  of: z.array(Simple).min(2).max(8),
  severity: z.enum(SEVERITIES),
  forMs: Ms,
});
export const Condition = z.discriminatedUnion('kind', [Threshold, Rate, Absence, State, Events, Age, Compound]);
export type Condition = z.infer<typeof Condition>;
export type SimpleCondition = z.infer<typeof Simple>;

export const Check = z.strictObject({
  id: CheckId,
  name: z.string().min(1).max(120),
  type: z.enum(ALERT_TYPES),
  when: Condition,
  isOn: z.boolean(),
  /** Which devices: a rule in the words of standing rules, read by the relay from the device itself; absent: all. */
  fits: z.string().max(500).optional(),
  /** What a person should do, in plain words. */
  advice: z.string().max(1_000),
});
export type Check = z.infer<typeof Check>;
