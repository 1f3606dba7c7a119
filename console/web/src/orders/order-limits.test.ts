// What a relay would refuse for its size is told before it is signed.
import { expect, test } from 'vitest';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { SAMPLE_RELAY, SAMPLE_SITE, sampleCharter, sampleDevice, sampleManifest } from '#test/fixtures/sample-trust.ts';
import { exceededBy, longestMs, outputBytes } from './order-limits.ts';

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

test('the longest time counts each wave by its turns, and the slowest relay of all', () => {
  const caps = { timeoutMs: 1_000, outputBytes: 1, concurrency: 10 };
  const of = (count: number) =>
    sampleManifest({
      caps,
      targets: Array.from({ length: count }, (_, n) => ({ device: sampleDevice(n), identity: { macs: [] } })),
    });
  const waits = { ...rule, stopMs: 500, canary: 0 };
  expect(longestMs([of(1), of(25)], waits)).toBe(3_500);
  // After 1, 3, 9 and 25 devices a wave ends: the last has 16 of them.
  expect(longestMs([of(25)], { ...waits, canary: 1 })).toBe(500 + 1_000 + 1_000 + 1_000 + 2_000);
});
