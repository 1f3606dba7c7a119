// What a relay would refuse for its size is told before it is signed.
import { expect, test } from 'vitest';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { SAMPLE_RELAY, SAMPLE_SITE, sampleCharter, sampleDevice } from '#test/fixtures/sample-trust.ts';
import { exceededBy, outputBytes } from './order-limits.ts';

const charter = sampleCharter([], []);
const rule = tierRule(charter, 't3');
const small = { ...charter, caps: { ...charter.caps, maxTimeoutMs: 5_000, maxOutputBytes: 2_048 } };
const order = (devices: number, timeoutMs: number) => ({
  timeoutMs,
  targets: Array.from({ length: devices }, (_, n) => ({
    id: sampleDevice(n + 1),
    siteId: SAMPLE_SITE,
    relayId: SAMPLE_RELAY,
    identity: { macs: [] },
  })),
});

test('devices and time are held against the smallest charter', () => {
  expect(exceededBy(order(25, 5_000), rule, [charter, small])).toBeUndefined();
  expect(exceededBy(order(26, 5_000), rule, [charter])).toEqual({ limit: 'devices', asked: 26, allowed: 25 });
  expect(exceededBy(order(1, 5_001), rule, [charter, small])).toMatchObject({ limit: 'timeoutMs', allowed: 5_000 });
  expect(outputBytes([charter, small])).toBe(2_048);
  expect(outputBytes([charter])).toBe(256 * 1024);
});
