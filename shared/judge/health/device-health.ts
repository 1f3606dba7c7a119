// The score of one device, with every point explained: the sum of what is listed, and never anything else.
import {
  type DeviceHealth,
  HEALTH_PARTS,
  type HealthBounds,
  type HealthBucket,
  type HealthPartName,
  type HealthPoint,
} from '#shared/model/health.ts';
import type { HealthInputs } from './inputs.ts';
import { POINT_RULES, type PointRule } from './points.ts';

/** Below it a number is a guess. */
const LEAST_CONFIDENCE = 50;

export function bucketOf(
  { score, confidence }: { score: number; confidence: number },
  bounds: HealthBounds,
): HealthBucket {
  // What is known to be bad is bad, however little else is known.
  if (confidence < LEAST_CONFIDENCE) return score + 100 - confidence < bounds.fair ? 'poor' : 'unknown';
  if (score >= bounds.good) return 'good';
  return score >= bounds.fair ? 'fair' : 'poor';
}

function pointOf({ id, of, judge }: PointRule, inputs: HealthInputs): HealthPoint {
  const { share, text, value, source, at } = judge(inputs);
  // Rounded down: a little less than all is not all.
  const got = share === undefined ? 0 : Math.floor(of * share);
  return { id, of, got, isKnown: share !== undefined, text, value: value ?? null, source, at };
}

function partOf(part: HealthPartName, inputs: HealthInputs): DeviceHealth['parts'][number] {
  const points = POINT_RULES[part].map((rule) => pointOf(rule, inputs));
  return {
    part,
    got: points.reduce((sum, { got }) => sum + got, 0),
    known: points.reduce((sum, { of, isKnown }) => sum + (isKnown ? of : 0), 0),
    points,
  };
}

export function deviceHealth(inputs: HealthInputs, bounds: HealthBounds): DeviceHealth {
  const parts = HEALTH_PARTS.map((part) => partOf(part, inputs));
  const got = (name: HealthPartName): number => parts.find(({ part }) => part === name)?.got ?? 0;
  const score = parts.reduce((sum, part) => sum + part.got, 0);
  const confidence = parts.reduce((sum, { known }) => sum + known, 0);
  return {
    at: inputs.now,
    score,
    availability: got('availability'),
    performance: got('performance'),
    security: got('security'),
    compliance: got('compliance'),
    confidence,
    bucket: bucketOf({ score, confidence }, bounds),
    parts,
  };
}
