// What a relay keeps of standing orders, over restarts: nothing twice, nothing that was withdrawn, nothing others could have written.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { StandingId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { StandingOrder } from '#shared/model/standing-order.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { signStanding } from '#shared/seal/standing-seal.ts';
import {
  keyOfWord,
  SAMPLE_RELAY,
  SAMPLE_SITE,
  SAMPLE_TIME,
  sampleCharter,
  sampleDevice,
} from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { StandingStore } from './standing-store.ts';

let signer: SigningKey;
let charter: Charter;
beforeAll(async () => {
  signer = await keyOfWord('signer');
  charter = sampleCharter([], [signer]);
});
const place = () => ({ site: SAMPLE_SITE, relay: SAMPLE_RELAY, charter, now: SAMPLE_TIME, since: 0 });
const idNo = (n: number) => StandingId.parse(`0190a000-0000-7000-8009-${String(n).padStart(12, '0')}`);
const order = (n = 1, change: Partial<StandingOrder> = {}): StandingOrder => ({
  v: 1,
  kind: 'standing',
  id: idNo(n),
  site: SAMPLE_SITE,
  relay: SAMPLE_RELAY,
  name: 'x',
  trigger: { type: 'daily', minuteUtc: 0 },
  targets: [{ device: sampleDevice(1), identity: { macs: [] } }],
  action: { name: 'command.run', arguments: { command: 'true' } },
  caps: { timeoutMs: 1_000, outputBytes: 0, concurrency: 1 },
  coolDownMs: 60_000,
  nbf: SAMPLE_TIME,
  exp: SAMPLE_TIME + 86_400_000,
  charterVersion: 1,
  reason: '',
  ...change,
});
const withdrawal = (n = 1) =>
  ({
    v: 1,
    kind: 'withdrawal',
    id: idNo(n),
    site: SAMPLE_SITE,
    relay: SAMPLE_RELAY,
    at: SAMPLE_TIME,
    reason: '',
  }) as const;

test('an order is kept over a restart, in a file of its own user alone; the same one again changes nothing', async () => {
  const data = tempFolder(onTestFinished);
  const store = StandingStore.open(data);
  const signed = await signStanding(order(), [signer]);
  expect(await store.accept(signed, place())).toEqual(order());
  expect(await store.accept(signed, place())).toBeUndefined();
  expect(statSync(path.join(data, 'identity', 'standing.json')).mode & 0o777).toBe(0o600);
  const next = StandingStore.open(data);
  expect(next.orders.map((held) => held.order)).toEqual([order()]);
  expect(next.has(idNo(1))).toBe(true);
});

test('another text under the id of one that stands is refused', async () => {
  const store = StandingStore.open(tempFolder(onTestFinished));
  await store.accept(await signStanding(order(), [signer]), place());
  const other = await signStanding(order(1, { coolDownMs: 120_000 }), [signer]);
  await expect(store.accept(other, place())).rejects.toMatchObject({ code: 'manifest-replayed' });
});

test('a withdrawn one never stands again: not after a restart, and not when the withdrawal came first', async () => {
  const data = tempFolder(onTestFinished);
  const store = StandingStore.open(data);
  const signed = await signStanding(order(), [signer]);
  await store.accept(signed, place());
  expect(await store.accept(await signStanding(withdrawal(), [signer]), place())).toMatchObject({ kind: 'withdrawal' });
  expect(store.has(idNo(1))).toBe(false);
  await store.accept(await signStanding(withdrawal(2), [signer]), place());
  const next = StandingStore.open(data);
  await expect(next.accept(signed, place())).rejects.toMatchObject({ code: 'standing-withdrawn' });
  const early = await signStanding(order(2), [signer]);
  await expect(next.accept(early, place())).rejects.toMatchObject({ code: 'standing-withdrawn' });
});

test('a hundred and no more; those that ended before a new one was signed make room for it', async () => {
  const store = StandingStore.open(tempFolder(onTestFinished));
  for (let n = 1; n <= 100; n += 1) await store.accept(await signStanding(order(n), [signer]), place());
  const more = await signStanding(order(101), [signer]);
  await expect(store.accept(more, place())).rejects.toMatchObject({ code: 'cap-exceeded' });
  const later = SAMPLE_TIME + 86_400_000;
  const next = await signStanding(order(102, { nbf: later, exp: later + 1_000 }), [signer]);
  await store.accept(next, { ...place(), now: later });
  expect(store.orders.map((held) => held.order.id)).toEqual([idNo(102)]);
});

test('a clock that ran ahead for a while forgets no withdrawal and no order', async () => {
  const store = StandingStore.open(tempFolder(onTestFinished));
  const exp = SAMPLE_TIME + 80 * 86_400_000;
  const withdrawn = await signStanding(order(1, { exp }), [signer]);
  const standing = await signStanding(order(2, { exp }), [signer]);
  for (const signed of [withdrawn, standing, await signStanding(withdrawal(), [signer])])
    await store.accept(signed, place());
  const ahead = { ...place(), now: SAMPLE_TIME + 400 * 86_400_000 };
  await expect(store.accept(standing, ahead)).rejects.toMatchObject({ code: 'manifest-expired' });
  // Nobody has signed a later time: the store is pruned by those alone.
  store.prune(SAMPLE_TIME);
  expect(store.has(idNo(2))).toBe(true);
  await expect(store.accept(withdrawn, place())).rejects.toMatchObject({ code: 'standing-withdrawn' });
  store.prune(exp);
  expect(store.orders).toEqual([]);
});

test('a file that does not read stops the start', () => {
  const data = tempFolder(onTestFinished);
  mkdirSync(path.join(data, 'identity'), { mode: 0o700 });
  writeFileSync(path.join(data, 'identity', 'standing.json'), '{"orders":[]}', { mode: 0o600 });
  expect(() => StandingStore.open(data)).toThrow('not the stored standing orders');
});
