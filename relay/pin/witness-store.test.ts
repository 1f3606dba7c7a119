// Proves that a relay never lets the trail it has seen go back, keeps what matters of it in bounds, and lets it go only by a person.
import { expect, onTestFinished, test } from 'vitest';
import type { AuditCheckpoint } from '#shared/model/audit-checkpoint.ts';
import { signCheckpoint } from '#shared/seal/checkpoint-seal.ts';
import { keyOfWord } from '#test/fixtures/sample-trust.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { type WitnessLimits, WitnessStore } from './witness-store.ts';

const CONSOLE = '0190a000-0000-7000-8009-000000000001';
const NONE = new Uint8Array(0);
const hashOf = (seq: number) => seq.toString(16).padStart(64, '0');
const point = (seq: number, change: Partial<AuditCheckpoint> = {}): AuditCheckpoint => ({
  v: 1,
  console: CONSOLE,
  seq,
  hash: hashOf(seq),
  at: 1_000 + seq,
  ...change,
});

async function opened(limits?: WitnessLimits) {
  const data = tempFolder(onTestFinished);
  const store = WitnessStore.open(data, limits);
  onTestFinished(() => store.stop());
  const [key, other] = await Promise.all([keyOfWord('audit'), keyOfWord('thief')]);
  const accept = async (one: AuditCheckpoint, by = key) => store.accept(await signCheckpoint(one, by), NONE, 5);
  return { data, store, key, other, accept };
}

test('the first checkpoint pins the trail and its key; what lies ahead is taken, the same again is known', async () => {
  const { store, key, accept } = await opened();
  expect(await accept(point(5))).toBe('pinned');
  expect(await accept(point(9))).toBe('taken');
  expect(await accept(point(9))).toBe('known');
  expect(store.pinned).toMatchObject({ console: CONSOLE, keyId: key.publicKey.id });
  expect(store.newest).toMatchObject({ seq: 9, hash: hashOf(9) });
});

test.each([
  ['a lower row', point(8), 'audit-regression'],
  ['the same row with another hash', point(9, { hash: hashOf(7) }), 'audit-regression'],
  ['another console', point(10, { console: '0190a000-0000-7000-8009-000000000002' }), 'audit-trail-changed'],
])('%s is refused, and what is held stays', async (_what, checkpoint, code) => {
  const { store, accept } = await opened();
  await accept(point(9));
  await expect(accept(checkpoint)).rejects.toMatchObject({ code });
  expect(store.newest).toMatchObject({ seq: 9, hash: hashOf(9) });
  expect(store.count).toBe(1);
});

test('another key is refused although its signature is good, and a signature that is not good pins nothing', async () => {
  const { store, key, other, accept } = await opened();
  const signed = await signCheckpoint(point(3), key);
  const forged = { ...signed, checkpoint: point(4) };
  await expect(store.accept(forged, NONE, 5)).rejects.toMatchObject({ code: 'signature-invalid' });
  const claimed = { ...(await signCheckpoint(point(3), other)), key: key.publicKey };
  await expect(store.accept(claimed, NONE, 5)).rejects.toMatchObject({ code: 'signature-invalid' });
  expect(store.pinned).toBeUndefined();
  await accept(point(3));
  await expect(accept(point(4), other)).rejects.toMatchObject({ code: 'audit-key-changed' });
});

test('marks must end at the row that the checkpoint speaks for', async () => {
  const { store, key } = await opened();
  const signed = await signCheckpoint(point(3), key);
  await expect(store.accept(signed, new Uint8Array(8).fill(1), 5)).rejects.toMatchObject({ code: 'bad-request' });
  expect(await store.accept(signed, new Uint8Array(8), 5)).toBe('pinned');
  expect(store.marks(3)).toEqual(new Uint8Array(8));
});

test('it remembers over a restart', async () => {
  const { data, accept } = await opened();
  await accept(point(9));
  const again = WitnessStore.open(data);
  onTestFinished(() => again.stop());
  expect(again.newest).toMatchObject({ seq: 9 });
  const key = await keyOfWord('audit');
  await expect(again.accept(await signCheckpoint(point(8), key), NONE, 5)).rejects.toMatchObject({
    code: 'audit-regression',
  });
});

test('a flood of checkpoints pushes out none of an earlier hour, and the newest stay', async () => {
  const { store, key } = await opened({ kept: 20, told: 400 });
  const acceptAt = async (seq: number, now: number) => store.accept(await signCheckpoint(point(seq), key), NONE, now);
  for (let hour = 0; hour < 6; hour += 1) await acceptAt(1 + hour, hour * 3_600_000);
  for (let seq = 100; seq < 150; seq += 1) await acceptAt(seq, 5 * 3_600_000 + seq);
  const newest = Array.from({ length: 20 }, (_, i) => 130 + i);
  expect(store.held(0, 1_000).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, ...newest]);
});

test('of too many hours every second one of the older half goes, never the first', async () => {
  const { store, key } = await opened({ kept: 20, told: 400 });
  for (let seq = 1; seq <= 60; seq += 1)
    await store.accept(await signCheckpoint(point(seq), key), NONE, seq * 3_600_000);
  const held = store.held(0, 1_000).map(({ seq }) => seq);
  expect(store.count).toBeLessThanOrEqual(20);
  expect(held[0]).toBe(1);
  expect(held.slice(-10)).toEqual([51, 52, 53, 54, 55, 56, 57, 58, 59, 60]);
});

test('a span of many is told by an even choice with its ends', async () => {
  const { store, accept } = await opened({ kept: 100, told: 20 });
  for (let seq = 1; seq <= 60; seq += 1) await accept(point(seq));
  const held = store.held(11, 60);
  expect(held).toHaveLength(20);
  expect([held[0]?.seq, held.at(-1)?.seq]).toEqual([11, 60]);
  expect(store.held(50, 50)).toEqual([{ seq: 50, hash: hashOf(50) }]);
  expect(store.held(61, 99)).toEqual([]);
});

test('once a person let the trail go the next checkpoint begins another, whatever it says', async () => {
  const { store, other, accept } = await opened();
  await accept(point(9));
  expect(store.letGo('ada', 'restored from Friday', 7)).toBe(true);
  expect(store.newest).toBeUndefined();
  expect(store.ended).toEqual({ endedAt: 7, by: 'ada', reason: 'restored from Friday' });
  expect(await accept(point(2), other)).toBe('pinned');
  expect(store.newest).toMatchObject({ seq: 2 });
  expect(store.count).toBe(1);
});
