// A freeze and a thaw are drafted on top of what is in force, also by a page whose clock is behind.
import { expect, test } from 'vitest';
import { brakeText, readBrake, signBrake } from '#shared/seal/freeze-seal.ts';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME } from '#test/fixtures/sample-trust.ts';
import { draftFreeze, draftThaw, readBrakes } from './brake-draft.ts';

const ask = { site: SAMPLE_SITE, reason: 'stolen', now: SAMPLE_TIME };
const nothing = readBrakes({ signed: [], waiting: null });

test('nothing is in force, then a freeze, then a thaw of that freeze', async () => {
  expect(nothing).toMatchObject({ newest: undefined, frozen: undefined, waiting: undefined });
  const freeze = readBrake({ text: draftFreeze({ ...ask, brakes: nothing }) });
  expect(freeze).toMatchObject({ kind: 'freeze', at: SAMPLE_TIME, reason: 'stolen' });
  const signed = await signBrake(freeze, [await keyOfWord('ann')]);
  const brakes = readBrakes({ signed: [signed], waiting: null });
  expect(brakes).toMatchObject({ frozen: { id: freeze.id }, signatures: signed.signatures, waiting: undefined });
  const thaw = readBrake({ text: draftThaw({ ...ask, brakes, now: SAMPLE_TIME - 60_000 }) });
  expect(thaw).toMatchObject({ kind: 'thaw', freezes: freeze.id, at: SAMPLE_TIME + 1 });
  const half = { text: brakeText(thaw), signatures: signed.signatures };
  expect(readBrakes({ signed: [signed], waiting: { signed: half, lacks: 'two people' } }).waiting).toMatchObject({
    thaw: { id: thaw.id },
    lacks: 'two people',
  });
});

test('what a console hands out to be signed in the place of a thaw is refused', async () => {
  const freeze = readBrake({ text: draftFreeze({ ...ask, brakes: nothing }) });
  const signed = await signBrake(freeze, [await keyOfWord('ann')]);
  const order = { text: '{"count":1,"kind":"batch","total":40,"v":1}', signatures: signed.signatures };
  for (const other of [signed, order])
    expect(() => readBrakes({ signed: [signed], waiting: { signed: other, lacks: 'two people' } })).toThrow();
});

test('what is not frozen is not thawed', () => {
  expect(() => draftThaw({ ...ask, brakes: nothing })).toThrow('not frozen');
});
