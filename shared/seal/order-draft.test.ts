// An order is drafted once for every signer: a manifest per relay, the strictest rule of its sites, and who has yet to sign.
import { expect, test } from 'vitest';
import { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { Charter, Signer } from '#shared/model/charter.ts';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME, sampleCharter, sampleSigner } from '#test/fixtures/sample-trust.ts';
import { passkeyOfWord, passkeySigner } from '#test/fixtures/virtual-passkey.ts';
import {
  commonSigners,
  draftOrder,
  helpfulSigners,
  lacksAfter,
  type Order,
  signBefore,
  strictestRule,
} from './order-draft.ts';

const uuid = (kind: number, n: number) => `0190a000-0000-7000-800${kind}-00000000000${n}`;
const OTHER_SITE = SiteId.parse(uuid(1, 2));
const target = (n: number, relay: number, siteId = SAMPLE_SITE) => ({
  id: DeviceId.parse(uuid(3, n)),
  siteId,
  relayId: RelayId.parse(uuid(2, relay)),
  identity: { macs: [] },
});
const order = (targets: Order['targets']): Order => ({
  targets,
  action: { name: 'command.run', arguments: { command: 'true' } },
  timeoutMs: 1_000,
  outputBytes: 1_024,
  concurrency: 5,
  reason: '',
  validForMs: 60_000,
});
const ofSite = (site: SiteId, change: Partial<Charter> = {}): Charter => ({
  ...sampleCharter([], []),
  site,
  ...change,
});

test('each relay gets its own manifest with its own devices, and the time to stop is added to the time to take it', () => {
  const charters = new Map<string, Charter>([
    [SAMPLE_SITE, ofSite(SAMPLE_SITE, { version: 3 })],
    [OTHER_SITE, ofSite(OTHER_SITE, { version: 9, profile: 'team' })],
  ]);
  const targets = [target(1, 1), target(2, 2, OTHER_SITE), target(3, 1)];
  const { manifests, rule } = draftOrder(order(targets), charters, SAMPLE_TIME);
  expect(manifests.map(({ relay, charterVersion, targets: of }) => [relay, charterVersion, of.length])).toEqual([
    [uuid(2, 1), 3, 2],
    [uuid(2, 2), 9, 1],
  ]);
  // Of solo the half minute and the five minutes, of team the second person.
  expect(rule).toMatchObject({ people: 2, rendered: 1, stopMs: 30_000, freshMs: 300_000 });
  // A minute to take it; then at both relays, one after the other, half a minute to stop it and two waves of a second.
  expect(manifests[0]?.exp).toBe(SAMPLE_TIME + 60_000 + 2 * 32_000);
  expect(signBefore(manifests, rule)).toBe(SAMPLE_TIME + 94_000);
});

test('no device, and a site without a charter, are refused', () => {
  const charters = new Map([[SAMPLE_SITE, ofSite(SAMPLE_SITE)]]);
  expect(() => draftOrder(order([]), charters, 0)).toThrow('no device');
  expect(() => draftOrder(order([target(1, 1, OTHER_SITE)]), charters, 0)).toThrow('no charter');
  expect(() => strictestRule([], 't3')).toThrow('no site');
});

async function team(): Promise<{ charter: Charter; signers: Record<'ann' | 'annCli' | 'bob' | 'guard', Signer> }> {
  const signers = {
    ann: passkeySigner(await passkeyOfWord('ann'), 'ann phone', { person: 'ann' }),
    annCli: { ...sampleSigner(await keyOfWord('ann'), 'ann desk'), person: 'ann' },
    bob: passkeySigner(await passkeyOfWord('bob'), 'bob'),
    guard: passkeySigner(await passkeyOfWord('guard'), 'guard', { role: 'guardian' }),
  };
  return { charter: ofSite(SAMPLE_SITE, { profile: 'team', signers: Object.values(signers) }), signers };
}

test('an ad-hoc order of a team wants a second person and one signature of a command line', async () => {
  const { charter, signers } = await team();
  const names = (signed: Signer[]) =>
    helpfulSigners(
      [charter],
      signed.map(({ key }) => key.id),
      't3',
    ).map(({ name }) => name);
  expect(names([])).toEqual(['ann phone', 'ann desk', 'bob']);
  expect(names([signers.ann])).toEqual(['ann desk', 'bob']);
  expect(names([signers.annCli])).toEqual(['bob']);
  expect(names([signers.annCli, signers.bob])).toEqual([]);
  expect(lacksAfter([signers.ann.key.id, signers.bob.key.id], [charter], 't3')).toContain('command line');
  expect(lacksAfter([signers.annCli.key.id, signers.bob.key.id], [charter], 't3')).toBeUndefined();
});

test('only who is in every charter can sign for several sites', async () => {
  const { charter, signers } = await team();
  const other = ofSite(OTHER_SITE, { signers: [signers.bob] });
  expect(commonSigners([charter, other])).toEqual([signers.bob]);
  expect(commonSigners([])).toEqual([]);
});
