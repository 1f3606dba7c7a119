// Proves what the doctor calls sick of sealed logins.
import { expect, test } from 'vitest';
import { RelayId, SiteId } from '#shared/base/id.ts';
import type { CredentialSummary } from '#shared/contract/credential-contract.ts';
import { checkCredential } from './check-credential.ts';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const healthy: CredentialSummary = {
  relayId: RelayId.parse('00000000-0000-7000-8000-000000000001'),
  siteId: SiteId.parse('00000000-0000-7000-8000-000000000002'),
  name: 'lan',
  slot: 'current',
  version: 1,
  issuedAt: NOW - DAY,
  notAfter: null,
  shown: null,
  promotes: null,
  signer: 'key',
  storedAt: NOW - DAY,
  sealedTo: ['key'],
  state: 'open',
  needsSealing: false,
};

test.each<[string, Partial<CredentialSummary>, string | undefined]>([
  ['open', {}, undefined],
  ['valid for 31 days', { notAfter: NOW + 31 * DAY }, undefined],
  ['valid for 29 days', { notAfter: NOW + 29 * DAY }, 'warning'],
  ['over', { notAfter: NOW }, 'failed'],
  ['sealed to a former key', { needsSealing: true, state: 'unreadable' }, 'failed'],
  ['revoked', { notAfter: NOW - DAY, sealedTo: [], state: 'revoked' }, undefined],
])('a login that is %s', (_what, change, verdict) => {
  expect(checkCredential({ ...healthy, ...change }, NOW)?.verdict).toBe(verdict);
});
