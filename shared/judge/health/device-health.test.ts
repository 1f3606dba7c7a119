// Proves that a score is the sum of what is listed, that nobody's guess is health, and what moves it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PRESENCES, SEVERITIES } from '#shared/model/alert-words.ts';
import { DEVICE_STATUSES } from '#shared/model/device-words.ts';
import { DeviceHealth } from '#shared/model/health.ts';
import { HEALTH_PARTS, PART_POINTS, USUAL_BOUNDS } from '#shared/model/health-words.ts';
import { SECURITY_CHECKS } from '#shared/model/security-scan.ts';
import { bucketOf } from './bucket.ts';
import { deviceHealth } from './device-health.ts';
import { factChecks, type HealthInputs } from './inputs.ts';
import { POINT_RULES } from './points.ts';

const NOW = Date.UTC(2026, 10, 23);
const DAY = 86_400_000;
const scan = (verdict: string, ids: readonly string[] = SECURITY_CHECKS) =>
  factChecks({ checks: ids.map((id) => ({ id, verdict, evidence: `${id}: ${verdict}` })) });

const well = (over: Partial<HealthInputs> = {}): HealthInputs => ({
  now: NOW,
  status: 'up',
  statusAt: NOW - DAY,
  presence: 'always-on',
  polledAt: NOW - 30_000,
  intervalMs: 60_000,
  cpu: 0.1,
  memory: 0.4,
  disk: 0.5,
  mount: '/',
  facts: {
    'security-scan': { at: NOW - 3_600_000, checks: scan('yes') },
    'software-audit': { at: NOW - 3_600_000, checks: scan('yes', ['software-required']) },
  },
  alerts: {},
  ...over,
});
const unknown: Partial<HealthInputs> = {
  ...{ status: 'unknown', statusAt: null, polledAt: null, cpu: null, memory: null, disk: null, facts: {} },
};
const of = (over: Partial<HealthInputs> = {}) => deviceHealth(well(over), USUAL_BOUNDS);
const pointOf = (over: Partial<HealthInputs>, id: string) =>
  of(over)
    .parts.flatMap(({ points }) => points)
    .find((point) => point.id === id);

test.each(HEALTH_PARTS)('the points of %s are twenty-five', (part) => {
  expect(POINT_RULES[part].reduce((sum, rule) => sum + rule.of, 0)).toBe(PART_POINTS);
  expect(new Set(POINT_RULES[part].map(({ id }) => id)).size).toBe(POINT_RULES[part].length);
});

test('a device that is well and wholly known has a hundred', () => {
  expect(of()).toMatchObject({ score: 100, confidence: 100, bucket: 'good', availability: 25, compliance: 25 });
});

test('one of which nothing is known has nothing, and is called unknown, not well and not bad', () => {
  expect(of(unknown)).toMatchObject({ score: 0, confidence: 0, bucket: 'unknown' });
});

describe('what moves it', () => {
  test.each<[string, Partial<HealthInputs>, Partial<DeviceHealth>]>([
    [
      'down: nothing is known of its readings',
      { status: 'down', polledAt: NOW - DAY },
      { availability: 0, performance: 0, score: 46, bucket: 'poor' },
    ],
    [
      'off, as people leave it: all as it was',
      { status: 'down', presence: 'when-used', polledAt: NOW - DAY },
      { score: 100, bucket: 'good' },
    ],
    [
      'off for a month',
      { status: 'down', presence: 'when-used', polledAt: NOW - 30 * DAY },
      { availability: 15, performance: 0 },
    ],
    ['another machine', { status: 'identity-changed' }, { availability: 10, compliance: 22 }],
    ['a full disk', { disk: 0.95 }, { performance: 18, score: 93 }],
    ['a disk halfway between the lines', { disk: 0.875 }, { performance: 21 }],
    ['a critical alert of performance', { alerts: { performance: 'critical' } }, { performance: 19 }],
    ['no inventory', { facts: {} }, { security: 2, compliance: 5, confidence: 57, bucket: 'poor' }],
    [
      'an old scan is no scan',
      { facts: { 'security-scan': { at: NOW - 4 * DAY, checks: scan('yes') } } },
      { security: 2, compliance: 5 },
    ],
    [
      'an unguarded machine',
      { facts: { 'security-scan': { at: NOW, checks: scan('no') } } },
      { security: 2, compliance: 8, confidence: 97 },
    ],
    [
      'a scan that could not say',
      { facts: { 'security-scan': { at: NOW, checks: scan('unknown') } } },
      { security: 2, confidence: 60 },
    ],
  ])('%s', (_, over, expected) => {
    expect(of(over)).toMatchObject(expected);
  });
  test('a point says what it rests on, of when, and by whom', () => {
    expect(pointOf({ disk: 0.9 }, 'disk')).toEqual({
      ...{ id: 'disk', of: 7, got: 2, isKnown: true, text: '90.0 % used (/).', value: 0.9, source: 'polls' },
      at: NOW - 30_000,
    });
    const facts = { 'security-scan': { at: NOW - 5, checks: scan('no') } };
    expect(pointOf({ facts }, 'firewall')).toMatchObject({
      got: 0,
      isKnown: true,
      text: 'firewall: no',
      source: 'security-scan',
      at: NOW - 5,
    });
  });
  test('of several rules one that is broken counts, also where another is not known', () => {
    const audit = (...verdicts: string[]) => ({
      'software-audit': {
        at: NOW,
        checks: factChecks({ checks: verdicts.map((verdict, n) => ({ id: `${n}`, verdict })) }),
      },
    });
    expect(pointOf({ facts: audit('yes', 'no', 'yes') }, 'software')).toMatchObject({ got: 2, isKnown: true });
    expect(pointOf({ facts: audit('yes', 'unknown') }, 'software')).toMatchObject({ got: 0, isKnown: false });
    expect(pointOf({ facts: audit('no', 'unknown', 'yes') }, 'software')).toMatchObject({ got: 1, isKnown: true });
    expect(pointOf({ facts: audit('no', 'no') }, 'software')).toMatchObject({ got: 0, isKnown: true });
    expect(pointOf({ facts: audit() }, 'software')).toMatchObject({ got: 0, isKnown: false });
  });
});

const share = fc.option(fc.double({ min: 0, max: 1.2, noNaN: true }));
const anyFact = fc.record({
  at: fc.integer({ min: NOW - 9 * DAY, max: NOW }),
  checks: fc
    .dictionary(fc.constantFrom(...SECURITY_CHECKS), fc.constantFrom('yes', 'no', 'unknown'))
    .map((found) =>
      factChecks({ checks: Object.entries(found).map(([id, verdict]) => ({ id, verdict, evidence: 'x' })) }),
    ),
});
const anyInputs: fc.Arbitrary<HealthInputs> = fc.record({
  now: fc.constant(NOW),
  status: fc.constantFrom(...DEVICE_STATUSES),
  statusAt: fc.option(fc.constant(NOW - DAY)),
  presence: fc.constantFrom(...PRESENCES),
  polledAt: fc.option(fc.integer({ min: NOW - 20 * DAY, max: NOW })),
  intervalMs: fc.integer({ min: 1_000, max: DAY }),
  cpu: share,
  memory: share,
  disk: share,
  mount: fc.string(),
  facts: fc.record({ 'security-scan': anyFact, 'software-audit': anyFact }, { requiredKeys: [] }),
  alerts: fc.dictionary(fc.constantFrom(...HEALTH_PARTS), fc.constantFrom(...SEVERITIES)),
});

describe('of any device', () => {
  test('parts sum to the score, points to the parts, and no point is more than it is worth', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const health = DeviceHealth.parse(deviceHealth(inputs, USUAL_BOUNDS));
        const { score, availability, performance, security, compliance, confidence } = health;
        expect(availability + performance + security + compliance).toBe(score);
        expect(health.parts.reduce((sum, { known }) => sum + known, 0)).toBe(confidence);
        for (const { part, got, points } of health.parts) {
          expect(health[part]).toBe(got);
          expect(points.reduce((sum, point) => sum + point.got, 0)).toBe(got);
          expect(points.reduce((sum, point) => sum + point.of, 0)).toBe(PART_POINTS);
        }
      }),
    );
  });
  test('what is not known earns nothing, so nobody is better than what is known of them', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const health = deviceHealth(inputs, USUAL_BOUNDS);
        expect(health.score).toBeLessThanOrEqual(health.confidence);
        for (const { points } of health.parts)
          for (const { got, of: worth, isKnown } of points) expect(got).toBeLessThanOrEqual(isKnown ? worth : 0);
      }),
    );
  });
  test('to know less never makes a device better', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const less = { ...inputs, cpu: null, facts: {} };
        expect(deviceHealth(less, USUAL_BOUNDS).score).toBeLessThanOrEqual(deviceHealth(inputs, USUAL_BOUNDS).score);
      }),
    );
  });
});

test('buckets are what a policy says', () => {
  const bounds = { good: 95, fair: 90 };
  const scores = [95, 94, 90, 89].map((score) => bucketOf({ score, confidence: 100 }, bounds));
  expect(scores).toEqual(['good', 'fair', 'fair', 'poor']);
  expect(bucketOf({ score: 49, confidence: 49 }, USUAL_BOUNDS)).toBe('unknown');
  // Were all that is unknown well, it would still be bad.
  expect(bucketOf({ score: 0, confidence: 45 }, USUAL_BOUNDS)).toBe('poor');
});

test('a fact of another shape says nothing', () => {
  for (const body of [null, 'x', [], {}, { checks: 'x' }, { checks: [null, 7, { id: 3 }] }])
    expect(factChecks(body).size).toBe(0);
  expect(factChecks({ checks: [{ id: 'a', verdict: 'maybe', evidence: 'x'.repeat(500) }] }).get('a')).toEqual({
    verdict: 'unknown',
    text: 'x'.repeat(200),
  });
});
