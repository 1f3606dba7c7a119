// A standing order: what a relay does by itself when its trigger comes true, on which devices or by which rule, how often at most, until when.
import { z } from 'zod';
import { DeviceId, RelayId, SiteId, StandingId } from '#shared/base/id.ts';
import { Action, MAX_SIGNATURES, Manifest, ManifestTarget, Signature } from './manifest.ts';
import { MAX_RULE_LENGTH } from './standing-rule.ts';

const DAY_MS = 86_400_000;

/** A forgotten one dies within a quarter. */
export const MAX_STANDING_MS = 90 * DAY_MS;
/** At one relay: more than people oversee. */
export const MAX_STANDING = 100;

/**
 * What a relay sees for itself. The device ones speak of what its own polls said; times are its own clock's, never before a
 * signed time. Findings of checks join this union when there are any.
 */
export const Trigger = z.discriminatedUnion('type', [
  /** A target was down and answers again: the order acts on that one, after it stayed up for so long. */
  z.strictObject({ type: z.literal('device-returned'), afterMs: z.int().min(0).max(DAY_MS) }),
  /** The device is down for so long: the order acts on all its targets. */
  z.strictObject({ type: z.literal('device-unreachable'), device: DeviceId, forMs: z.int().min(30_000).max(DAY_MS) }),
  /** Once in each span, counted from 1970. */
  z.strictObject({
    type: z.literal('interval'),
    everyMs: z
      .int()
      .min(300_000)
      .max(30 * DAY_MS),
  }),
  /** Once a day, at this minute of UTC or within the hour after it. */
  z.strictObject({ type: z.literal('daily'), minuteUtc: z.int().min(0).max(1_439) }),
]);
export type Trigger = z.infer<typeof Trigger>;

/**
 * In place of devices: what a device must be, in facts its relay reads itself (standing-rule.ts), at the time of the trigger.
 * A device that comes later is reached too, as long as no more than `atMost` fit: else nothing is done at all.
 */
export const StandingRule = z.strictObject({
  text: z.string().min(1).max(MAX_RULE_LENGTH),
  atMost: z.int().min(1).max(2_000),
});
export type StandingRule = z.infer<typeof StandingRule>;

export const StandingOrder = z.strictObject({
  v: z.literal(1),
  kind: z.literal('standing'),
  id: StandingId,
  site: SiteId,
  relay: RelayId,
  /** For people. */
  name: z.string().min(1).max(120),
  trigger: Trigger,
  /** Empty where a rule stands, and only there. */
  targets: z.array(ManifestTarget).max(2_000),
  rule: StandingRule.optional(),
  action: Action,
  caps: Manifest.shape.caps,
  rollout: Manifest.shape.rollout,
  /** On one device not again before this is over, whatever the trigger does. */
  coolDownMs: z.int().min(60_000).max(MAX_STANDING_MS),
  /** Valid from `nbf` until `exp`, milliseconds UTC. At most 90 days apart. */
  nbf: z.int(),
  exp: z.int(),
  /** The charter in force when it was signed; it holds under later ones as long as they name who signed it. */
  charterVersion: z.int().min(1),
  reason: z.string().max(500),
});
export type StandingOrder = z.infer<typeof StandingOrder>;

/** Signed by one person: stopping is easy. The relay never takes an order of this id again. */
export const Withdrawal = z.strictObject({
  v: z.literal(1),
  kind: z.literal('withdrawal'),
  id: StandingId,
  site: SiteId,
  relay: RelayId,
  at: z.int().nonnegative(),
  reason: z.string().max(500),
});
export type Withdrawal = z.infer<typeof Withdrawal>;

export const StandingDocument = z.discriminatedUnion('kind', [StandingOrder, Withdrawal]);
export type StandingDocument = z.infer<typeof StandingDocument>;

/** `text` is the canonical JSON that every signature covers: 1,000 devices with their identities. */
export const SignedStanding = z.strictObject({
  text: z.string().max(512 * 1024),
  signatures: z.array(Signature).min(1).max(MAX_SIGNATURES),
});
export type SignedStanding = z.infer<typeof SignedStanding>;
