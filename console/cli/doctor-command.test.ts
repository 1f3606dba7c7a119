// Proves what the doctor calls sick.
import { expect, test } from 'vitest';
import { RelayId, SiteId } from '#shared/base/id.ts';
import type { RelaySummary } from '#shared/contract/relay-contract.ts';
import { checkNode, checkRelay } from './doctor-command.ts';

const NOW = 1_800_000_000_000;
const healthy: RelaySummary = {
  id: RelayId.parse('00000000-0000-7000-8000-000000000001'),
  siteId: SiteId.parse('00000000-0000-7000-8000-000000000002'),
  siteName: 'HQ',
  name: 'fra-1',
  kind: 'site',
  hostname: 'fra-1',
  version: '0.1.0',
  isConnected: true,
  isRevoked: false,
  isFenced: false,
  lastSeenAt: NOW,
  clockSkewMs: 5,
  certificateExpiresAt: NOW + 10 * 86_400_000,
  enrolledAt: NOW - 86_400_000,
  devices: 3,
  lanes: [],
  health: null,
};

test.each([
  ['v20.19.0', 'ok'],
  ['v24.1.0', 'ok'],
  ['v20.18.9', 'failed'],
  ['v18.20.0', 'failed'],
])('node %s is %s', (version, verdict) => {
  expect(checkNode(version).verdict).toBe(verdict);
});

test.each<[string, Partial<RelaySummary>, string[]]>([
  ['healthy', {}, ['ok']],
  ['away', { isConnected: false }, ['failed']],
  ['ten minutes ahead', { clockSkewMs: 600_000 }, ['failed']],
  ['near the end of its certificate', { certificateExpiresAt: NOW + 86_400_000 }, ['warning']],
  ['expired and away', { isConnected: false, certificateExpiresAt: NOW - 1 }, ['failed', 'failed']],
  ['revoked', { isRevoked: true, isConnected: false }, []],
])('a relay that is %s gives %s', (_what, change, verdicts) => {
  expect(checkRelay({ ...healthy, ...change }, NOW).map((check) => check.verdict)).toEqual(verdicts);
});
