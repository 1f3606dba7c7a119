// What makes a standing order hold: who signed it, where, how long, under which charter; and that one cause has one id.
import { beforeAll, expect, test } from 'vitest';
import { DeviceId, StandingId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { StandingOrder } from '#shared/model/standing-order.ts';
import {
  keyOfWord,
  SAMPLE_RELAY,
  SAMPLE_SITE,
  SAMPLE_TIME,
  sampleCharter,
  sampleDevice,
  sampleSigner,
} from '#test/fixtures/sample-trust.ts';
import type { SigningKey } from './key-pair.ts';
import { firingManifest, signStanding, verifyStandingOrder, verifyWithdrawal } from './standing-seal.ts';

const DAY = 86_400_000;
const identity = { machineId: '0123456789abcdef0123456789abcdef', macs: [] };
const order = (change: Partial<StandingOrder> = {}): StandingOrder => ({
  v: 1,
  kind: 'standing',
  id: StandingId.parse('0190a000-0000-7000-8009-000000000001'),
  site: SAMPLE_SITE,
  relay: SAMPLE_RELAY,
  name: 'start the app',
  trigger: { type: 'device-returned', afterMs: 0 },
  targets: [1, 2].map((n) => ({ device: sampleDevice(n), identity })),
  action: { name: 'command.run', arguments: { command: 'true' } },
  caps: { timeoutMs: 30_000, outputBytes: 1_024, concurrency: 2 },
  coolDownMs: 600_000,
  nbf: SAMPLE_TIME,
  exp: SAMPLE_TIME + 30 * DAY,
  charterVersion: 1,
  reason: 'test',
  ...change,
});

let [ann, bob, guard]: SigningKey[] = [];
let charter: Charter;
const key = (one: SigningKey | undefined): SigningKey => {
  if (one === undefined) throw new Error('no key');
  return one;
};
beforeAll(async () => {
  [ann, bob, guard] = await Promise.all(['ann', 'bob', 'guard'].map(keyOfWord));
  const signers = [
    sampleSigner(key(ann), 'ann'),
    sampleSigner(key(bob), 'bob'),
    { ...sampleSigner(key(guard), 'guard'), role: 'guardian' as const },
  ];
  charter = { ...sampleCharter([], []), profile: 'team', signers };
});
const place = (change: object = {}) => ({
  site: SAMPLE_SITE,
  relay: SAMPLE_RELAY,
  charter,
  now: SAMPLE_TIME + DAY,
  since: 0,
  ...change,
});
const signed = (change: Partial<StandingOrder> = {}, keys = [key(ann), key(bob)]) => signStanding(order(change), keys);

test('two people make one stand, under a later charter that still names them too', async () => {
  const { document, signers } = await verifyStandingOrder(await signed(), place());
  expect(document).toEqual(order());
  expect(signers.map(({ name }) => name)).toEqual(['ann', 'bob']);
  await verifyStandingOrder(await signed(), place({ charter: { ...charter, version: 7 } }));
});

test('it ends when one who signed it leaves the charter', async () => {
  const without = { ...charter, version: 2, signers: charter.signers.slice(0, 1) };
  await expect(verifyStandingOrder(await signed(), place({ charter: without }))).rejects.toMatchObject({
    code: 'signature-invalid',
  });
});

test.each([
  ['manifest-expired', {}, { now: SAMPLE_TIME + 31 * DAY }],
  ['manifest-early', {}, { now: SAMPLE_TIME - DAY }],
  ['manifest-invalid', { exp: SAMPLE_TIME + 91 * DAY }, {}],
  ['manifest-invalid', { action: { name: 'identity.accept', arguments: {} } }, {}],
  ['manifest-retargeted', { relay: SAMPLE_SITE as unknown as typeof SAMPLE_RELAY }, {}],
  ['charter-invalid', { charterVersion: 2 }, {}],
  ['frozen', {}, { since: SAMPLE_TIME }],
  ['cap-exceeded', { caps: { timeoutMs: 86_400_000, outputBytes: 0, concurrency: 1 } }, {}],
] as const)('%s: %j at %j', async (code, change, at) => {
  // The table's members are those of an order.
  const document = await signed(change as Partial<StandingOrder>);
  await expect(verifyStandingOrder(document, place(at))).rejects.toMatchObject({ code });
});

test('more devices than a batch of its tier are refused', async () => {
  const targets = Array.from({ length: 26 }, (_, n) => ({ device: sampleDevice(n + 1), identity }));
  await expect(verifyStandingOrder(await signed({ targets }), place())).rejects.toMatchObject({ code: 'cap-exceeded' });
});

const rule = { text: 'os:debian hostname:web-*', atMost: 25 };

test.each([
  ['manifest-invalid', 'either', {}],
  ['manifest-invalid', 'either', { targets: [], rule: undefined }],
  ['manifest-invalid', 'no field', { targets: [], rule: { ...rule, text: 'tag:web' } }],
  ['manifest-invalid', 'range', { targets: [], rule: { ...rule, text: 'address:web' } }],
  ['cap-exceeded', '26 devices', { targets: [], rule: { ...rule, atMost: 26 } }],
  [
    'manifest-invalid',
    'variables',
    { targets: [], action: { name: 'command.run', arguments: { command: 'true', vars: ['TOKEN'] } } },
  ],
] as const)('with a rule, %s: %s, %j', async (code, word, change) => {
  // Exactly as written, undefined too: what is left out is not there to be canonical.
  const { rule: own = rule, ...rest } = change as Partial<StandingOrder>;
  const document = 'rule' in change && change.rule === undefined ? order(rest) : order({ rule: own, ...rest });
  const refused = verifyStandingOrder(await signStanding(document, [key(ann), key(bob)]), place());
  await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(word) });
});

test('a rule stands; a firing under it reaches what fitted, and no more than was signed', async () => {
  const document = order({ targets: [], rule: { ...rule, atMost: 1 } });
  await verifyStandingOrder(await signStanding(document, [key(ann), key(bob)]), place());
  const fitted = [1, 2].map((n) => ({ device: sampleDevice(n), identity }));
  const firing = { key: 'interval 1', at: SAMPLE_TIME, devices: [sampleDevice(1)], fitted };
  expect((await firingManifest(document, firing, charter)).targets).toEqual(fitted.slice(0, 1));
  const both = { ...firing, devices: fitted.map(({ device }) => device) };
  await expect(firingManifest(document, both, charter)).rejects.toMatchObject({ code: 'cap-exceeded' });
  await expect(firingManifest(order(), { ...both, devices: [sampleDevice(9)] }, charter)).rejects.toMatchObject({
    code: 'manifest-retargeted',
  });
});

test('one person, and a guardian beside one, are not enough', async () => {
  const alone = await signed({}, [key(ann)]);
  await expect(verifyStandingOrder(alone, place())).rejects.toMatchObject({ code: 'signature-missing' });
  const guarded = await signed({}, [key(ann), key(guard)]);
  await expect(verifyStandingOrder(guarded, place())).rejects.toMatchObject({ code: 'denied' });
});

test('an order is no withdrawal, whatever it is called; and anybody of the charter withdraws', async () => {
  const { id, site, relay } = order();
  const withdrawal = { v: 1, kind: 'withdrawal', id, site, relay, at: SAMPLE_TIME, reason: '' } as const;
  expect(await verifyWithdrawal(await signStanding(withdrawal, [key(guard)]), place())).toEqual(withdrawal);
  const { text } = await signStanding(withdrawal, []);
  const { signatures } = await signed();
  await expect(verifyWithdrawal({ text, signatures }, place())).rejects.toMatchObject({ code: 'signature-invalid' });
});

test('one cause is one manifest of one id, and no firing reaches a device the order does not name', async () => {
  const firing = { key: 'returned x 1', at: SAMPLE_TIME, devices: [sampleDevice(2)] };
  const first = await firingManifest(order(), firing, charter);
  const again = await firingManifest(order(), { ...firing, at: SAMPLE_TIME + 9 }, charter);
  expect(again.id).toBe(first.id);
  expect(first.targets.map(({ device }) => device)).toEqual([sampleDevice(2)]);
  expect((await firingManifest(order(), { ...firing, key: 'returned x 2' }, charter)).id).not.toBe(first.id);
  const foreign = { ...firing, devices: [DeviceId.parse(sampleDevice(9))] };
  await expect(firingManifest(order(), foreign, charter)).rejects.toMatchObject({ code: 'manifest-retargeted' });
});
