// The score of one device, with every point explained: the sum of what is listed, and never anything else.
import type { DeviceHealth, HealthBounds, HealthPoint } from '#shared/model/health.ts';
import { HEALTH_PARTS, type HealthPartName } from '#shared/model/health-words.ts';
import { bucketOf } from './bucket.ts';
import type { HealthInputs } from './inputs.ts';
import { POINT_RULES, type PointRule } from './points.ts';

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
