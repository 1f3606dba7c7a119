// Proves that what the console hands over is taken in its order, that a failure stops nothing after it, and that a flood is refused.
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { inTurn } from './in-turn.ts';

const MIB = 1024 * 1024;

test('each waits for the one before it, also for one that fails', async () => {
  const done: string[] = [];
  const take = inTurn<string>({
    take: async (one) => {
      await Promise.resolve();
      if (one === 'bad') throw new Error('broke');
      done.push(one);
    },
    refuse: () => undefined,
  });
  const turns = ['a', 'bad', 'b'].map((one) => take(one));
  expect((await Promise.allSettled(turns)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(done).toEqual(['a', 'b']);
});

test('of a flood no more waits than fits, the rest is refused, and afterwards there is room again', async () => {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const refused: string[] = [];
  let taken = 0;
  const big = { boxes: [{ ciphertext: 'x'.repeat(MIB / 2) }], signature: 'y'.repeat(MIB / 2) };
  const take = inTurn<object>({
    take: async () => {
      await gate;
      taken += 1;
    },
    refuse: (error) => void refused.push(error instanceof AppError ? error.code : 'other'),
  });
  const turns = Array.from({ length: 40 }, () => take(big));
  await Promise.resolve();
  expect(new Set(refused)).toEqual(new Set(['rate-limited']));
  expect(refused.length).toBeGreaterThan(8);
  release();
  await Promise.all(turns);
  expect(taken + refused.length).toBe(40);
  await take({});
  expect(taken + refused.length).toBe(41);
});

test('messages without any text take room as well', async () => {
  const refused: unknown[] = [];
  const take = inTurn<string>({
    take: () => Promise.resolve(),
    refuse: (error) => void refused.push(error),
  });
  await Promise.all(Array.from({ length: 40_000 }, () => take('')));
  expect(refused.length).toBeGreaterThan(0);
});
