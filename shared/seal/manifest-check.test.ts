// Proves each rule about place, time and caps with its own code.
import { beforeAll, expect, test } from 'vitest';
import { RelayId, SiteId } from '#shared/base/id.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import {
  keyOfWord,
  SAMPLE_RELAY,
  SAMPLE_SITE,
  SAMPLE_TIME,
  sampleCharter,
  sampleDevice,
  sampleManifest,
  sampleSigner,
} from '#test/fixtures/sample-trust.ts';
import { checkManifest } from './manifest-check.ts';
import type { VerifiedManifest } from './manifest-seal.ts';

const elsewhere = '0190a000-0000-7000-8009-000000000009';
const targets = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ device: sampleDevice(i + 1), identity: { macs: [] } }));
const capsWith = (change: Partial<Manifest['caps']>) => ({ caps: { ...sampleManifest().caps, ...change } });

let charter: Charter;
let technician: Signer;
beforeAll(async () => {
  technician = sampleSigner(await keyOfWord('technician'));
  charter = sampleCharter([await keyOfWord('owner')], []);
});

const codeOf = (
  manifest: Partial<Manifest>,
  now = SAMPLE_TIME,
  change: Partial<Charter> = {},
  batch: Partial<VerifiedManifest> = {},
) => {
  try {
    const place = { site: SAMPLE_SITE, relay: SAMPLE_RELAY, charter: { ...charter, ...change }, now };
    const asked = sampleManifest(manifest);
    const total = asked.targets.length;
    checkManifest({ manifest: asked, signers: [technician], total, count: 1, ...batch }, place);
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

test.each<[string, Partial<Manifest>, string]>([
  ['as signed', {}, 'accepted'],
  ['for another site', { site: SiteId.parse(elsewhere) }, 'manifest-retargeted'],
  ['for another relay', { relay: RelayId.parse(elsewhere) }, 'manifest-retargeted'],
  ['valid for exactly 24 h', { exp: SAMPLE_TIME + 86_400_000 }, 'accepted'],
  ['valid for longer than 24 h', { exp: SAMPLE_TIME + 86_400_001 }, 'manifest-invalid'],
  ['valid for no time', { exp: SAMPLE_TIME }, 'manifest-invalid'],
  ['under an older charter', { charterVersion: 2 }, 'charter-invalid'],
  ['with as many devices as allowed', { targets: targets(25) }, 'accepted'],
  ['with one device too many', { targets: targets(26) }, 'cap-exceeded'],
  ['with too long a time-out', capsWith({ timeoutMs: 3_600_001 }), 'cap-exceeded'],
  ['with too much output', capsWith({ outputBytes: 1_048_577 }), 'cap-exceeded'],
])('a manifest %s', (_name, change, code) => {
  expect(codeOf(change)).toBe(code);
});

test.each([
  [-120_001, 'manifest-early'],
  [0, 'accepted'],
  [299_999, 'accepted'],
  [300_001, 'manifest-expired'],
  [600_000, 'manifest-expired'],
])('%i ms after its start a manifest is %s', (offset, code) => {
  expect(codeOf({}, SAMPLE_TIME + offset)).toBe(code);
});

test('a charter that expired or is of another site carries nothing', () => {
  expect(codeOf({}, SAMPLE_TIME, { expiresAt: SAMPLE_TIME })).toBe('charter-expired');
  expect(codeOf({}, SAMPLE_TIME, { site: SiteId.parse(elsewhere) })).toBe('charter-invalid');
});

test('a batch is capped as a whole, at every relay it goes to', () => {
  expect(codeOf({}, SAMPLE_TIME, {}, { total: 25, count: 25 })).toBe('accepted');
  expect(codeOf({}, SAMPLE_TIME, {}, { total: 26, count: 26 })).toBe('cap-exceeded');
});

test('an order that ends while it can still be stopped is not taken, and one taken before goes on', () => {
  const short = { exp: SAMPLE_TIME + 30_000 };
  expect(codeOf(short)).toBe('manifest-expired');
  expect(codeOf(short, SAMPLE_TIME, { tiers: { t3: { stopMs: 0 } } })).toBe('accepted');
  const place = { site: SAMPLE_SITE, relay: SAMPLE_RELAY, charter, now: SAMPLE_TIME + 400_000, isResumed: true };
  const verified = { manifest: sampleManifest(), signers: [technician], total: 1, count: 1 };
  expect(() => checkManifest(verified, place)).not.toThrow();
});
