// How well a device is: four parts of 25 points, each point with what it rests on. What nobody knows earns none.
import { z } from 'zod';
import { HEALTH_BUCKETS, HEALTH_PARTS, PART_POINTS } from './health-words.ts';

/** From so many points on; a layer of settings may say other numbers. */
export const HealthBounds = z
  .strictObject({ good: z.int().min(2).max(100), fair: z.int().min(1).max(99) })
  .refine(({ good, fair }) => fair < good, { message: 'fair must begin below good', path: ['fair'] });
export type HealthBounds = z.infer<typeof HealthBounds>;

const PartScore = z.int().min(0).max(PART_POINTS);

/** `score` is the sum of the four, to the point. */
export const HealthScore = z.object({
  score: z.int().min(0).max(100),
  availability: PartScore,
  performance: PartScore,
  security: PartScore,
  compliance: PartScore,
  /** How many of the hundred points rest on something known. */
  confidence: z.int().min(0).max(100),
  bucket: z.enum(HEALTH_BUCKETS),
});
export type HealthScore = z.infer<typeof HealthScore>;

export const HealthPoint = z.object({
  id: z.string(),
  of: PartScore,
  got: PartScore,
  /** What is not known earns nothing and lowers the confidence. */
  isKnown: z.boolean(),
  /** What it rests on, in words; of a device, so hostile. */
  text: z.string(),
  value: z.number().nullable(),
  /** "status", "polls", "alerts", or the fact: "security-scan". */
  source: z.string(),
  /** When that was true; null where nobody ever said. */
  at: z.int().nullable(),
});
export type HealthPoint = z.infer<typeof HealthPoint>;

export const DeviceHealth = HealthScore.extend({
  at: z.int(),
  parts: z.array(
    z.object({ part: z.enum(HEALTH_PARTS), got: PartScore, known: PartScore, points: z.array(HealthPoint) }),
  ),
});
export type DeviceHealth = z.infer<typeof DeviceHealth>;
