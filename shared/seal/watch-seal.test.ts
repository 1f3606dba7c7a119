// What makes a watch document hold: who signed it, for which site, above which version; and that it says nothing twice.
import { beforeAll, expect, test } from 'vitest';
import { LayerId, RouteId, SiteId, WindowId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { WatchDocument } from '#shared/model/watch-policy.ts';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME, sampleCharter, sampleSigner } from '#test/fixtures/sample-trust.ts';
import type { SigningKey } from './key-pair.ts';
import { signStandingText } from './standing-seal.ts';
import { judgeWatch, nextWatchVersion, readWatch, signWatch, verifyWatch, watchText } from './watch-seal.ts';

const OTHER = SiteId.parse('0190a000-0000-7000-8001-000000000009');
const LAYER = LayerId.parse('0190a000-0000-7000-8010-000000000001');
const WINDOW = WindowId.parse('0190a000-0000-7000-8011-000000000001');
const ROUTE = RouteId.parse('0190a000-0000-7000-8012-000000000001');

const layer: WatchDocument['layers'][number] = {
  ...{ id: LAYER, name: 'servers', level: 'group', priority: 10, isEnforced: false },
  settings: {
    checks: [
      {
        ...{ id: 'disk.free', name: 'Room', type: 'performance', isOn: true, advice: 'Make room.' },
        when: {
          ...{ kind: 'threshold', series: 'disk.free', above: false, limits: { high: 12.5 }, forMs: 300_000 },
          margin: 0.1,
        },
      },
    ],
  },
};
const nightly: WatchDocument['windows'][number] = {
  ...{ id: WINDOW, name: 'nightly', startsAt: '2026-11-22T22:00:00', zone: 'Europe/Berlin', durationMs: 3_600_000 },
  layers: [LAYER],
};
const route: WatchDocument['routes'][number] = {
  ...{ id: ROUTE, name: 'on call', atLeast: 'critical', afterMs: 60_000 },
  mail: { host: 'mail.lan', port: 25, security: 'none', from: 'relay@site.example', to: ['oncall@site.example'] },
};
const document = (change: Partial<WatchDocument> = {}): WatchDocument => ({
  ...{ v: 1, kind: 'watch', sites: [SAMPLE_SITE, OTHER], version: 7, at: SAMPLE_TIME },
  ...{ layers: [layer], windows: [nightly], routes: [route] },
  ...change,
});

let keys: SigningKey[];
let charter: Charter;
beforeAll(async () => {
  keys = await Promise.all(['ann', 'bob', 'guard'].map(keyOfWord));
  const signers = keys.map((key, at) => sampleSigner(key, ['ann', 'bob', 'guard'][at]));
  charter = { ...sampleCharter([], []), signers: signers.map((one, at) => (at === 2 ? guardian(one) : one)) };
});
const guardian = (one: ReturnType<typeof sampleSigner>) => ({ ...one, role: 'guardian' as const });
const place = (change: object = {}) => ({ site: SAMPLE_SITE, charter, now: SAMPLE_TIME, ...change });
const signedBy = (who: number[], change: Partial<WatchDocument> = {}) =>
  signWatch(
    document(change),
    keys.filter((_, at) => who.includes(at)),
  );

test('one signature over two sites holds at each, fractions and all', async () => {
  const signed = await signedBy([0]);
  expect(await verifyWatch(signed, place())).toEqual(document());
  expect(await verifyWatch(signed, place({ site: OTHER, charter: { ...charter, site: OTHER } }))).toEqual(document());
  expect(readWatch(signed)).toEqual(document());
});

test('it is held under a later charter, and replaced by nothing older', async () => {
  const signed = await signedBy([0]);
  await verifyWatch(signed, place({ charter: { ...charter, version: 9 }, held: 6 }));
  for (const held of [7, 8])
    await expect(verifyWatch(signed, place({ held }))).rejects.toMatchObject({ code: 'manifest-replayed' });
});

test.each([
  ['manifest-retargeted', {}, { site: SiteId.parse('0190a000-0000-7000-8001-000000000007') }],
  ['charter-expired', {}, { now: SAMPLE_TIME + 366 * 86_400_000 }],
  ['clock-skew', { version: Math.floor(SAMPLE_TIME / 1_000) + 86_401 }, {}],
  ['clock-skew', { version: Number.MAX_SAFE_INTEGER }, {}],
  ['manifest-invalid', { sites: [SAMPLE_SITE, SAMPLE_SITE] }, {}],
  ['manifest-invalid', { layers: [layer, layer] }, {}],
  ['manifest-invalid', { windows: [nightly, nightly] }, {}],
  ['manifest-invalid', { routes: [route, route] }, {}],
  ['manifest-invalid', { layers: [] }, {}],
  ['manifest-invalid', { sites: [SAMPLE_SITE], routes: [{ ...route, sites: [OTHER] }] }, {}],
] as const)('%s: %j at %j', async (code, change, at) => {
  // The table's members are those of a document.
  const signed = await signedBy([0], change as Partial<WatchDocument>);
  await expect(verifyWatch(signed, place(at))).rejects.toMatchObject({ code });
});

test('a stranger, a guardian, another kind of statement and changed text are refused', async () => {
  const stranger = await keyOfWord('stranger');
  await expect(verifyWatch(await signWatch(document(), [stranger]), place())).rejects.toMatchObject({
    code: 'signature-invalid',
  });
  await expect(verifyWatch(await signedBy([2]), place())).rejects.toMatchObject({ code: 'denied' });
  const [ann] = keys;
  if (ann === undefined) throw new Error('no key');
  const text = watchText(document());
  const asOrder = { text, signatures: [await signStandingText(text, 'standing', ann)] };
  await expect(verifyWatch(asOrder, place())).rejects.toMatchObject({ code: 'signature-invalid' });
  const { signatures } = await signedBy([0]);
  const changed = { text: watchText(document({ version: 8 })), signatures };
  await expect(verifyWatch(changed, place())).rejects.toMatchObject({ code: 'signature-invalid' });
});

test('a strict charter asks for two people, and the first signature says what lacks', async () => {
  const strict = place({ charter: { ...charter, profile: 'strict' } });
  expect((await judgeWatch(await signedBy([0]), strict)).lacks).toContain('1 more person');
  await expect(verifyWatch(await signedBy([0]), strict)).rejects.toMatchObject({ code: 'signature-missing' });
  const both = await signedBy([0, 1]);
  expect((await judgeWatch(both, strict)).lacks).toBeUndefined();
  expect((await verifyWatch(both, strict)).version).toBe(7);
});

test('versions rise, and go on by the clock after a restore', () => {
  expect(nextWatchVersion(0, SAMPLE_TIME)).toBe(SAMPLE_TIME / 1_000);
  expect(nextWatchVersion(SAMPLE_TIME / 1_000, SAMPLE_TIME)).toBe(SAMPLE_TIME / 1_000 + 1);
});
